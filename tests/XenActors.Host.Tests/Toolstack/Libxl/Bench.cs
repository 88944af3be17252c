using XenActors.Experiments.Profiles;
using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Console;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>A host without kernels: the real store, toolstack, scripts, console daemon and QEMU; a fake dom0 kernel and fake domains.</summary>
internal sealed class Bench
{
    public const string Uuid = "85a53931-2b19-4c9a-b8d7-bc707ed90e25";
    private int typists;
    private readonly ActorRef store;
    private readonly ActorRef recorder;
    private readonly ActorRef toolstack;

    public Bench(string profile = "debian12-xen-4.17", string deaf = "", FakeVolumes? volumes = null, ulong seed = 1, VirtualDuration? script = null)
    {
        var host = HostProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "hosts"), profile);
        Host = host with { Latencies = host.Latencies with { Script = script ?? host.Latencies.Script } };
        var builder = new SimulatorBuilder(seed) { DefaultLatency = Host.Latencies.Link };
        builder.Ports.Add(volumes ?? new FakeVolumes());
        var dom0 = builder.AddProcess("dom0");
        Places.Processes.Add(0, dom0);
        foreach (var domain in (ushort[])[29, 30])
        {
            Places.Processes.Add(domain, builder.AddProcess($"dom{domain}"));
        }

        Simulator = builder.Build();
        recorder = Simulator.Spawn<RecorderActor, RecorderState>(dom0, "recorder", new());
        store = Simulator.Spawn<XenstoredActor, XenstoredState>(dom0, "xenstored", XenstoredState.Create(Places));
        Simulator.Spawn<FakeKernelActor, FakeKernelState>(dom0, "kernel", new() { Xs = new() { Server = store }, Host = Host, Deaf = deaf });
        Simulator.Spawn<XenconsoledActor, XenconsoledState>(dom0, "xenconsoled", XenconsoledState.Create(store));
        foreach (var domain in (ushort[])[29, 30])
        {
            // The places that a domain's process begins with; typists come after them.
            foreach (var name in (string[])["domain", "evtchn", "gnttab", "xenbus"])
            {
                Simulator.Spawn<FakeDomainActor, FakeDomainState>(Places.Processes[domain], name, new());
            }
        }

        toolstack = Simulator.Spawn<LibxlActor, LibxlState>(
            dom0, "toolstack", LibxlState.Create(Host, new() { Xenstored = store, Bridge = recorder, Disks = recorder, Places = Places }));
        Simulator.Spawn<Dom0InitActor, Dom0InitState>(dom0, "init", Dom0InitState.Create(store, Host, recorder));
        Run(1);
    }

    public HostProfile Host { get; }

    public Simulator Simulator { get; }

    public DomainPlaces Places { get; } = new();

    public RecorderState Recorder => Simulator.StateOf<RecorderState>(recorder)!;

    public XenstoredState Store => Simulator.StateOf<XenstoredState>(store)!;

    public FakeDomainState Domain(ushort domain) => Simulator.StateOf<FakeDomainState>(Places.Domain(domain))!;

    public string[] Tree() => XenstoreLs.Render(Store.Core.Dump()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string? Value(string path)
    {
        var line = Array.Find(Tree(), l => l.StartsWith(path + " = ", StringComparison.Ordinal));
        return line?[(line.IndexOf('"') + 1)..line.LastIndexOf('"')];
    }

    public GuestCreated Create(string config, ushort domain = 29, bool paused = true, string uuid = Uuid)
    {
        Order(config, domain, paused, uuid);
        Run(100);
        return Recorder.Created[^1];
    }

    public void Order(string config, ushort domain = 29, bool paused = true, string uuid = Uuid) =>
        Tell(new OrderGuest(toolstack, new(config, "guest.cfg", domain, uuid, Kernel, "", paused)));

    public void Tell<T>(in T message)
        where T : ICodec<T> => Simulator.Tell(recorder, in message);

    public void Run(long seconds) => Simulator.RunFor(VirtualDuration.FromSeconds(seconds));

    /// <summary>Asks the store these things from a process: 0 for dom0, or a domain's.</summary>
    public TypistState Type(StoreBatch batch, ushort domain = 0)
    {
        var typist = Simulator.Spawn<TypistActor, TypistState>(
            Places.Processes[domain], $"typist-{++typists}", new() { Xs = new() { Server = store }, Batch = batch });
        Run(1);
        return Simulator.StateOf<TypistState>(typist)!;
    }

    public static string File(string name) => System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "ground-truth", name));

    public static string[] Lines(string name) => File(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static KernelProfile Kernel =>
        new() { Name = "none", Release = "0", Features = [], Numbers = [], Messages = [], Modules = [] };
}
