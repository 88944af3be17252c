using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Faults;
using XenActors.Experiments.Scenarios;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using Xunit.Abstractions;

namespace XenActors.TestKit.Machines;

/// <summary>
/// Base of tests that run a whole simulated Xen host. A test says what the host is made of (kernel, host, disks, guests), and the first
/// use of the machine builds it; from then on time passes only when the test advances it.
/// </summary>
/// <param name="output">Gets the seed and the command, which the runner shows when anything in the test fails.</param>
public abstract partial class MachineTest(ITestOutputHelper? output = null) : SimulationTest(output), IDisposable
{
    private readonly MachinePlan _plan = new();
    private readonly List<MachineTest> _others = [];
    private XenMachine? _machine;
    private int _clients;
    private int _faults;

    /// <summary>The host; built at the first use.</summary>
    public XenMachine Machine
    {
        get
        {
            _ = Simulator;
            return _machine!;
        }
    }

    /// <summary>What can be said about xenstore.</summary>
    public StoreAssert Store => new(this);

    /// <summary>How the machine is run; no part of its history depends on it.</summary>
    protected virtual EngineOptions Engine => EngineOptions.Sequential;

    internal BootSession? Session { get; private set; }

    /// <summary>The guests' kernel: a profile's name, or a path. Unless told, the newest.</summary>
    public void Kernel(string profile) => Plan.Kernel = profile;

    /// <summary>The host: a profile's name, or a path. Unless told, the one that goes with the kernel.</summary>
    public void Host(string profile) => Plan.Host = profile;

    /// <summary>Replaces the guests' kernel command line.</summary>
    public void CommandLine(string text) => Plan.CommandLine = text;

    /// <summary>A sparse disk behind a path that a configuration names, made for the test and deleted after it.</summary>
    /// <param name="path">As the configuration names it.</param>
    /// <param name="kib">Its size.</param>
    /// <param name="partitions">Primary partitions, at most four, in KiB; the first begins at 1 MiB.</param>
    public string Disk(string path, long kib, params ReadOnlySpan<long> partitions)
    {
        Plan.AddDisk(path, kib, partitions);
        return path;
    }

    /// <summary>A disk that no configuration names: it is there for <c>xl block-attach</c>.</summary>
    public string SpareDisk(string path, long kib, params ReadOnlySpan<long> partitions)
    {
        Plan.AddSpareDisk(path, kib, partitions);
        return path;
    }

    /// <summary>How often each guest may be started again after its end; none unless told.</summary>
    public void Restarts(int count) => Plan.Restarts = count;

    /// <summary>What the person at dom0's shell types, as <c>new DestroyGuest(1)</c>: runs until xl has answered it, or fails.</summary>
    public CommandEnded Xl<T>(in T command)
        where T : ICodec<T>
    {
        var before = Machine.OperatorState.Commands.Count;
        Machine.Simulator.Tell(Machine.Operator, in command);
        var deadline = Machine.Simulator.Now + CommandMax;
        while (Machine.OperatorState.Commands.Count == before)
        {
            if (Machine.Simulator.Now >= deadline)
            {
                throw Failure($"xl has not answered {command} within {CommandMax}");
            }

            Advance(CommandSlice);
        }

        return Machine.OperatorState.Commands[before];
    }

    private static readonly VirtualDuration CommandMax = VirtualDuration.FromSeconds(120);
    private static readonly VirtualDuration CommandSlice = VirtualDuration.FromMilliseconds(1);

    /// <summary>The test's own image behind a path that a configuration names.</summary>
    public void Image(string path, string file) => Plan.AddImage(path, file);

    /// <summary>The text of one of the example configurations, as <c>f16pvhvm.cfg</c>.</summary>
    public static string Example(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "xl", name));

    /// <summary>A guest of the machine, from the text of an xl configuration; it is created once time advances.</summary>
    public GuestHandle Guest(string config, bool paused = false) => new(this, Plan.AddGuest(config, paused));

    /// <summary>A guest of the machine, from an xl configuration file.</summary>
    public GuestHandle GuestFromFile(string file, bool paused = false) => new(this, Plan.AddGuestFile(file, paused));

    /// <summary>A guest, the last of the machine: runs until <c>xl create</c> has returned.</summary>
    public GuestHandle Boot(string config, bool paused = false)
    {
        var guest = Guest(config, paused);
        guest.RunToCreation();
        return guest;
    }

    /// <summary>Makes an actor fail when time advances: <c>dom0/xenbus/vbd-1-768</c>.</summary>
    public void Kill(string path)
    {
        Kill(Find(path));
        SomeFault();
    }

    /// <summary>An actor by its path.</summary>
    public ActorRef Find(string path)
    {
        var found = Machine.Simulator.Find(path);
        return found.IsNone ? throw Failure($"there is no actor {path}") : found;
    }

    /// <summary>Installs a rule on what arrives at an actor, or on a link, as <c>dom1>dom0</c>.</summary>
    public T Fault<T>(string place, T rule)
        where T : FaultRule
    {
        Guard(() => FaultPlace.Install(this, place, rule));
        SomeFault();
        return rule;
    }

    /// <summary>A rule from a function of the message, which may not remember anything.</summary>
    public FaultRule<T> Fault<T>(string place, Func<T, Verdict> judge)
        where T : ICodec<T> => Fault(place, new FaultRule<T>($"{typeof(T).Name} at {place}", (_, message) => judge(message)));

    /// <summary>
    /// Installs a fault of the catalogue (<c>xenactors faults</c>) now: <c>Inject("event-drop", ("device", "g/hda"))</c>. It acts when time advances,
    /// until <see cref="Experiments.Faults.Fault.Heal"/>.
    /// </summary>
    public Fault Inject(string kind, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var spec = new FaultSpec { Name = $"{kind}-{++_faults}", Kind = kind, Where = GetType().Name };
        foreach (var (name, value) in parameters)
        {
            spec.Parameters[name] = value;
        }

        _ = Simulator;
        try
        {
            var fault = Experiments.Faults.Fault.Create(spec);
            fault.Install(new FaultSite(Machine, [.. Session!.Configs.Select(c => c.Name)], Session.Configs, Session.Volumes));
            Injected(fault);
            return fault;
        }
        catch (UserErrorException mistake)
        {
            throw Failure(mistake.Message, mistake);
        }
    }

    /// <summary>A client of xenstored: one of dom0's tools, or, in a guest's process, that guest.</summary>
    public StoreClientProbe StoreClient(ushort domain = 0) =>
        new(this, Probe(Machine.Places.Processes[domain], $"store-client{++_clients}"));

    /// <summary>One more machine beside this one, with a seed, a time, a store and a trace of its own.</summary>
    public MachineTest Another(ulong? seed = null)
    {
        var other = new OtherMachine(TestClass);
        other.UseSeed(seed ?? Seed);
        _others.Add(other);
        return other;
    }

    /// <summary>Checkers have their last look, and everything that was made for the test goes.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        try
        {
            CheckToTheEnd();
        }
        finally
        {
            _others.ForEach(o => o.Dispose());
            Session?.Dispose();
        }
    }

    // A machine has its own processes: Create makes them.
    protected sealed override void Build(SimulatorBuilder builder)
    {
    }

    private protected sealed override Simulator Create()
    {
        try
        {
            Session = _plan.Prepare(Seed);
            _machine = _plan.Build(Session, Seed, Engine);
            AttachCheckers(_machine);
            return _machine.Simulator;
        }
        catch (UserErrorException mistake)
        {
            throw Failure(mistake.Message, mistake);
        }
    }

    private MachinePlan Plan => HasStarted
        ? throw new InvalidOperationException("the machine has been built already: say what it is made of before its first use")
        : _plan;
}
