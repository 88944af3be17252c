using XenActors.Simulation;
using Xunit.Abstractions;
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

    // Between looks at the trace; no part of the history depends on it.
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(1);

    private readonly TraceLog _log = new();
    private readonly ITestOutputHelper? _output;
    private Simulator? _simulator;
    private ulong _seed = Seeds.Override ?? Seeds.Default;
    private int _probes;

    /// <param name="output">Gets the seed and the command, which the runner shows when anything in the test fails.</param>
    protected SimulationTest(ITestOutputHelper? output = null)
    {
        _output = output;
        Trace = new TestTrace(this, _log);
    }

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
    public void Advance(VirtualDuration duration) => Guard(() => Pass(duration));

    /// <summary>Runs, to the millisecond, until a trace line contains this text; lines that are there already do not count.</summary>
    public void AdvanceUntil(string text, VirtualDuration within)
    {
        var deadline = Simulator.Now + within;
        var seen = _log.Records.Count;
        while (Simulator.Now < deadline)
        {
            Advance(deadline - Simulator.Now < Slice ? deadline - Simulator.Now : Slice);
            for (; seen < _log.Records.Count; seen++)
            {
                if (_log.Records[seen].ToString().Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }

        throw Failure($"expected \"{text}\" in the trace within {within}");
    }

    /// <summary>Runs assertions of the test framework: what they throw ends as the kit's own failures do.</summary>
    public void Check(Action assertions)
    {
        try
        {
            assertions();
        }
        catch (XunitException cause) when (!RepeatCommand.IsIn(cause.Message))
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
        var lines = _log.Records.Skip(Math.Max(0, _log.Records.Count - TraceLinesShown)).Select(r => "  " + r);
        return new XunitException(
            string.Join(Environment.NewLine, [
                what,
                $"at {_simulator?.Now ?? VirtualTime.Zero}, after:",
                .. lines,
                .. RepeatCommand.Lines(TestClass, Seed),
            ]),
            cause);
    }

    /// <summary>The test's own class, whose name goes into the command.</summary>
    internal virtual Type TestClass => GetType();

    internal bool HasStarted => _simulator is not null;

    /// <summary>The processes and links of this test.</summary>
    protected abstract void Build(SimulatorBuilder builder);

    /// <summary>Makes the simulator from what <see cref="Build"/> says.</summary>
    private protected virtual Simulator Create()
    {
        var builder = new SimulatorBuilder(Seed);
        Build(builder);
        return builder.Build();
    }

    /// <summary>Whatever runs the simulator goes through here: an actor's failure is the test's.</summary>
    internal void Guard(Action run)
    {
        try
        {
            run();
        }
        catch (SimulationException cause)
        {
            throw Failure(cause.Message, cause);
        }
    }

    /// <summary>Lets time pass.</summary>
    private protected virtual void Pass(VirtualDuration duration) => Simulator.RunFor(duration);

    private Simulator Start()
    {
        foreach (var line in RepeatCommand.Lines(TestClass, Seed))
        {
            _output?.WriteLine(line);
        }

        var simulator = Create();
        simulator.TraceTo(_log);
        return simulator;
    }
}
