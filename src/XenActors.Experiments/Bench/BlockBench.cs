using System.Diagnostics;
using System.Globalization;
using XenActors.Experiments.Boot;
using XenActors.Hypervisor;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Experiments.Bench;

/// <summary>
/// Random reads through a paravirtual disk: a load in the guest, blkfront, the ring's bytes, grants, event channels, blkback, the host's disk, and back.
/// The device is made through xenstore and negotiated by the drivers themselves.
/// </summary>
/// <param name="kernel">The guest's kernel, and with it the host.</param>
/// <param name="depth">Reads that are out at once.</param>
/// <param name="blockSize">Bytes of one read, a multiple of 512.</param>
/// <param name="operations">Reads a repetition, about.</param>
/// <param name="repetitions">Counted repetitions, after one that warms up.</param>
/// <param name="seed">The seed of the history.</param>
public sealed class BlockBench(BootOptions kernel, int depth, int blockSize, long operations, int repetitions, ulong seed)
{
    private const ushort Guest = 1;
    private const int XenstoredLocal = 5;
    private const int BridgesLocal = 6;

    // What the load has read per slice decides how many slices a repetition takes.
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(1);
    private static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(10);

    public void Run(TextWriter output, CancellationToken cancel)
    {
        var (simulator, load) = Build();
        var deadline = simulator.Now + Patience;
        while (State(simulator, load).Done == 0)
        {
            if (simulator.Now >= deadline)
            {
                throw new SimulationException("the disk did not connect");
            }

            simulator.RunFor(Slice);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{blockSize} byte random reads through one paravirtual disk, {depth} at once, one thread\n"));
        var (wall, cpu, bytes, messages) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= repetitions; repetition++)
        {
            cancel.ThrowIfCancellationRequested();
            using var process = Process.GetCurrentProcess();
            var (before, handled) = (State(simulator, load).Done, simulator.EventsHandled);
            var (allocated, spent, watch) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
            while (State(simulator, load).Done - before < operations)
            {
                cancel.ThrowIfCancellationRequested();
                simulator.RunFor(Slice);
            }

            var seconds = watch.Elapsed.TotalSeconds;
            process.Refresh();
            if (repetition == 0)
            {
                continue;
            }

            double done = State(simulator, load).Done - before;
            wall.Add(done / seconds);
            cpu.Add(done / (process.TotalProcessorTime - spent).TotalSeconds);
            bytes.Add((GC.GetTotalAllocatedBytes() - allocated) / done);
            messages.Add((simulator.EventsHandled - handled) / done);
        }

        if (State(simulator, load).Errors > 0)
        {
            throw new SimulationException("reads have failed");
        }

        output.WriteLine("| simulated I/Os a wall second | a CPU second | messages each | bytes allocated each | fingerprint |\n|---|---|---|---|---|");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Median(wall):0} | {Median(cpu):0} | {Median(messages):0.0} | {Median(bytes):0} | {simulator.Fingerprint} |"));
    }

    private static BlockLoadState State(Simulator simulator, ActorRef load) => simulator.StateOf<BlockLoadState>(load)!;

    private (Simulator Simulator, ActorRef Load) Build()
    {
        var host = ProfileFiles.Host(kernel);
        var builder = new SimulatorBuilder(seed) { DefaultLatency = host.Latencies.Link };
        builder.Ports.Add(new BenchVolume());
        var places = new DomainPlaces();
        var dom0 = builder.AddProcess("dom0", host.Dom0.Vcpus);
        places.Processes.Add(0, dom0);
        var guest = builder.AddProcess("dom1");
        places.Processes.Add(Guest, guest);
        var phys = builder.AddProcess("phys");
        var simulator = builder.Build();
        var disks = simulator.Spawn<DiskActor, DiskState>(
            phys, "disks", new DiskState { Profile = host.Disk, JitterPercent = host.Latencies.JitterPercent });
        Domain(simulator, places, 0);
        simulator.Spawn<BackendXenbusActor, BackendXenbusState>(dom0, "xenbus", new BackendXenbusState
        {
            Domain = 0,
            Places = places,
            Xenstored = new(dom0, XenstoredLocal),
            Disks = disks,
            Bridges = new(dom0, BridgesLocal),
            Keys = host.Backend,
        });
        var xenstored = simulator.Spawn<XenstoredActor, XenstoredState>(dom0, "xenstored", XenstoredState.Create(places));
        Domain(simulator, places, Guest);
        var bus = simulator.Spawn<FrontendXenbusActor, FrontendXenbusState>(
            guest, "xenbus", new FrontendXenbusState { Domain = Guest, Places = places, Xenstored = xenstored });
        simulator.Spawn<BlockToolstackActor, BlockToolstackState>(
            dom0, "toolstack", new BlockToolstackState { Xenstored = xenstored, Guest = Guest, Volume = BenchVolume.Path });
        var load = simulator.Spawn<BlockLoadActor, BlockLoadState>(guest, "load", new BlockLoadState
        {
            Bus = bus,
            Profile = ProfileFiles.Kernel(kernel),
            Domain = Guest,
            Depth = depth,
            Sectors = (uint)blockSize / 512,
        });
        return (simulator, load);
    }

    private static void Domain(Simulator simulator, DomainPlaces places, ushort domain)
    {
        var process = places.Processes[domain];
        simulator.Spawn<DomainActor, DomainState>(process, "domain", new DomainState { Domain = domain, Places = places });
        simulator.Spawn<EventChannelsActor, EventChannelsState>(process, "evtchn", new EventChannelsState { Domain = domain, Places = places });
        simulator.Spawn<GrantTableActor, GrantTableState>(process, "gnttab", new GrantTableState { Domain = domain, Places = places });
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
