using System.Diagnostics;
using System.Globalization;
using XenActors.Hypervisor;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Bench;

/// <summary>
/// The simulation's own xenstore traffic: client actors in dom0 send requests to its xenstored and take the replies. An operation is a
/// request with all that it causes: two messages and the core's work, and with watches an event.
/// </summary>
/// <param name="clients">How many actors ask; each waits for its reply before it asks again.</param>
/// <param name="operations">Operations a repetition.</param>
/// <param name="repetitions">Counted repetitions, after one that warms up.</param>
/// <param name="seed">The seed of the history.</param>
public sealed class StoreBench(int clients, long operations, int repetitions, ulong seed)
{
    public void Run(TextWriter output, CancellationToken cancel)
    {
        output.WriteLine($"simulated xenstored, {clients} clients in dom0, one thread\n");
        output.WriteLine("| load | operations a wall second | a CPU second | bytes allocated each | fingerprint |\n|---|---|---|---|---|");
        foreach (var load in Enum.GetValues<StoreLoad>())
        {
            output.WriteLine(Measure(load, cancel));
        }
    }

    private string Measure(StoreLoad load, CancellationToken cancel)
    {
        var builder = new SimulatorBuilder(seed);
        var dom0 = builder.AddProcess("dom0");
        var simulator = builder.Build();
        var options = new XenstoredOptions();
        var server = simulator.Spawn<XenstoredActor, XenstoredState>(dom0, "xenstored", XenstoredState.Create(new DomainPlaces(), options));
        var asking = Enumerable.Range(0, clients).Select(index => simulator.Spawn<StoreClientActor, StoreClientState>(
            dom0, string.Create(CultureInfo.InvariantCulture, $"client{index}"), new StoreClientState { Server = server, Load = load, Index = index })).ToList();

        // One vCPU serves one request after the other.
        var slice = new VirtualDuration(options.RequestCost.Nanoseconds * operations);
        var (wall, cpu, bytes) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= repetitions; repetition++)
        {
            cancel.ThrowIfCancellationRequested();
            var before = Replies();
            using var process = Process.GetCurrentProcess();
            var (allocated, spent, watch) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
            simulator.RunFor(slice, cancel);
            var seconds = watch.Elapsed.TotalSeconds;
            process.Refresh();
            var done = Replies() - before;
            if (repetition == 0) continue;
            wall.Add(done / seconds);
            cpu.Add(done / (process.TotalProcessorTime - spent).TotalSeconds);
            bytes.Add((double)(GC.GetTotalAllocatedBytes() - allocated) / done);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {load.ToString().ToLowerInvariant()} | {Median(wall):0} | {Median(cpu):0} | {Median(bytes):0.0} | {simulator.Fingerprint} |");

        long Replies() => asking.Sum(client => simulator.StateOf<StoreClientState>(client)!.Replies);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
