using System.Diagnostics;
using System.Globalization;
using XenActors.Simulation;
using Xunit.Sdk;

namespace XenActors.TestKit;

/// <summary>
/// Base of tests that run in virtual time: a seed, a simulator that is built at the first use, probes and a trace. Whatever fails
/// ends with the last trace lines, the seed, and the one command that repeats the test.
/// </summary>
public abstract class SimulationTest
{
    /// <summary>How long an expectation waits when it is not told.</summary>
    public static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(1);

    private const int TraceLinesShown = 10;

    private readonly TraceLog _log = new();
    private Simulator? _simulator;
    private ulong _seed = Seeds.Override ?? Seeds.Default;
    private int _probes;

    protected SimulationTest() => Trace = new TestTrace(this, _log);

    /// <summary>From the environment variable <see cref="Seeds.Variable"/>, else <see cref="Seeds.Default"/>.</summary>
    public ulong Seed => _seed;

    /// <summary>All messages handled so far.</summary>
    public TestTrace Trace { get; }

    /// <summary>Built by <see cref="Build"/> at the first use.</summary>
    public Simulator Simulator => _simulator ??= Start();

    /// <summary>For a theory over seeds: must come before the first use of <see cref="Simulator"/>.</summary>
    public void UseSeed(ulong seed)
    {
        if (_simulator is not null)
        {
            throw new InvalidOperationException("the simulator has been built with another seed already");
        }

        _seed = seed;
    }

    /// <summary>Runs for this much virtual time.</summary>
    public void Advance(VirtualDuration duration)
    {
        try
        {
            Simulator.RunFor(duration);
        }
        catch (SimulationException cause)
        {
            throw Failure(cause.Message, cause);
        }
    }

    /// <summary>Makes an actor fail, as if its handler had thrown, when time advances.</summary>
    public void Kill(ActorRef actor) => Simulator.Tell(actor, new Kill());

    /// <summary>A probe in this process, or in the world outside.</summary>
    public TestProbe Probe(int process = 0, string? name = null) => new(
        this, Simulator.Spawn<ProbeActor, ProbeState>(process, name ?? $"probe{++_probes}", new ProbeState()));

    /// <summary>A probe that a snapshot has brought back.</summary>
    public TestProbe Attach(ActorRef probe) => new(this, probe);

    /// <summary>What to throw when something was not as expected.</summary>
    public Exception Failure(string what, Exception? cause = null)
    {
        var seed = Seed.ToString(CultureInfo.InvariantCulture);
        var lines = _log.Records.Skip(Math.Max(0, _log.Records.Count - TraceLinesShown)).Select(r => "  " + r);
        return new XunitException(
            string.Join(Environment.NewLine, [
                what,
                $"at {_simulator?.Now ?? VirtualTime.Zero}, after:",
                .. lines,
                $"seed {seed}; to repeat:",
                $"{Seeds.Variable}={seed} dotnet test --filter \"FullyQualifiedName~{TestName()}\"",
            ]),
            cause);
    }

    /// <summary>The processes and links of this test.</summary>
    protected abstract void Build(SimulatorBuilder builder);

    private Simulator Start()
    {
        var builder = new SimulatorBuilder(Seed);
        Build(builder);
        var simulator = builder.Build();
        simulator.TraceTo(_log);
        return simulator;
    }

    // The outermost method of the test class on the stack: the test, whatever it called on the way here.
    private string TestName()
    {
        var type = GetType();
        var method = new StackTrace().GetFrames()
            .Select(f => f.GetMethod())
            .LastOrDefault(m => m?.DeclaringType == type && !m.IsConstructor);
        return method is null ? type.FullName! : $"{type.FullName}.{method.Name}";
    }
}
