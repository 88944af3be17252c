using XenActors.Experiments.Boot;
using XenActors.Guest;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.TestKit.Machines;

/// <summary>One guest of a test's machine.</summary>
public sealed class GuestHandle
{
    // What is told to a domain has reached it by then.
    private static readonly VirtualDuration Moment = VirtualDuration.FromMilliseconds(1);

    // How long a creation may take, and the time between looks at it.
    private static readonly VirtualDuration CreationMax = VirtualDuration.FromSeconds(60);
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(10);

    private readonly MachineTest _test;
    private readonly int _index;

    internal GuestHandle(MachineTest test, int index)
    {
        _test = test;
        _index = index;
    }

    /// <summary>Its number now, or in its last life: each restart gives it another.</summary>
    public ushort Domain => _test.Machine.Current(_index);

    /// <summary>Its home in xenstore: <c>/local/domain/1</c>.</summary>
    public string Home => $"/local/domain/{Domain}";

    /// <summary>It is there, and its vCPUs do not run.</summary>
    public bool Paused => State is { Spec: not null, PauseCount: > 0 };

    /// <summary>How its boot ended; null while it goes on.</summary>
    public GuestBooted? Outcome => State.Outcome;

    /// <summary>What a user inside the guest sees.</summary>
    public GuestReport Report => Result.Report;

    /// <summary>Whether it is on PV drivers, and why.</summary>
    public GuestVerdict Verdict => Result.Verdict;

    /// <summary>The names in <c>/proc/partitions</c>: disks, and their partitions after them.</summary>
    public IReadOnlyList<string> Partitions => [.. Report.ProcPartitions.Skip(2).Select(l => l[(l.LastIndexOf(' ') + 1)..])];

    /// <summary>As <c>dmesg</c> prints.</summary>
    public IReadOnlyList<string> Dmesg => Report.DmesgLines;

    private DomainState State => _test.Machine.Domain(Domain);

    private GuestResult Result
    {
        get
        {
            var machine = _test.Machine;
            return GuestResult.Of(machine, _test.Session!).FirstOrDefault(r => r.Domain == Domain)
                ?? throw _test.Failure($"domain {Domain} has not run yet");
        }
    }

    /// <summary>As <c>xl pause</c>.</summary>
    public void Pause() => Tell(new PauseDomain());

    /// <summary>As <c>xl unpause</c>.</summary>
    public void Unpause() => Tell(new UnpauseDomain());

    /// <summary>Advances until <c>xl create</c> has returned for this guest.</summary>
    public void RunToCreation()
    {
        var answers = _test.Machine.OperatorState.Answers;
        var deadline = _test.Simulator.Now + CreationMax;
        var restarts = _test.Machine.OperatorState.Restarts;
        while (!answers.Exists(a => a.Domain == Domain) && !restarts.Exists(r => r.Ok && r.NewDomain == Domain))
        {
            if (_test.Simulator.Now >= deadline)
            {
                throw _test.Failure($"xl create of domain {Domain} has not returned within {CreationMax}");
            }

            _test.Advance(Slice);
        }

        foreach (var refusal in answers.Where(a => a.Domain == Domain && !a.Ok))
        {
            throw _test.Failure($"xl create of domain {Domain} failed: {refusal.Message}");
        }
    }

    /// <summary>Advances until the boots of all guests that run have ended, well or badly, and what they started has settled.</summary>
    public void RunToEnd()
    {
        RunToCreation();
        if (Paused)
        {
            throw _test.Failure($"domain {Domain} is paused: its boot will not end");
        }

        _test.RunBoots();
        if (Outcome is null)
        {
            throw _test.Failure($"the boot of domain {Domain} has not ended; its last words:{Tail()}");
        }
    }

    /// <summary>It has found its root file system.</summary>
    public void AssertBooted()
    {
        if (Outcome is not { Ok: true })
        {
            throw _test.Failure($"domain {Domain} has not booted ({Outcome?.Reason ?? "not finished"}); its last words:{Tail()}");
        }
    }

    /// <summary>Some line of its <c>dmesg</c> contains this text.</summary>
    public void AssertDmesg(string text)
    {
        if (!Says(text))
        {
            throw _test.Failure($"dmesg of domain {Domain} has no \"{text}\"; it ends:{Tail()}");
        }
    }

    /// <summary>No line of its <c>dmesg</c> contains this text.</summary>
    public void AssertNotInDmesg(string text)
    {
        if (Says(text))
        {
            throw _test.Failure($"dmesg of domain {Domain} has \"{Dmesg.First(l => l.Contains(text, StringComparison.Ordinal))}\"");
        }
    }

    private bool Says(string text) => Dmesg.Any(l => l.Contains(text, StringComparison.Ordinal));

    private string Tail() => string.Concat(Dmesg.TakeLast(5).Select(l => $"{Environment.NewLine}  {l}"));

    private void Tell<T>(in T message)
        where T : ICodec<T>
    {
        _test.Simulator.Tell(_test.Machine.Places.Domain(Domain), in message);
        _test.Advance(Moment);
    }
}
