using XenActors.Experiments.Checkers;
using XenActors.Simulation;
using XenActors.Xenstore;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class CheckerTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void All_checkers_look_at_a_boot_and_change_nothing()
    {
        Check();
        var guest = Small();
        guest.RunToEnd();
        var other = Another();
        var plain = Small(other);
        plain.RunToEnd();
        Assert.Equal(other.Simulator.Fingerprint, Simulator.Fingerprint);
        Assert.Equal(CheckerCatalog.All.Select(c => c.Name), Checkers.Select(c => c.Name));
        Assert.InRange(Checkers.Count(c => c.Branches.Count > 0), 8, 13); // Nobody writes, and nobody goes.
        Assert.All(Checkers, c => Assert.Empty(c.Branches.Keys.Except(c.AllBranches)));
    }

    [Fact]
    public void An_objection_fails_the_test_when_time_advances_with_the_command_that_repeats_it()
    {
        var other = Another();
        other.Check(new NobodyConnects());
        var message = Assert.ThrowsAny<XunitException>(() => Small(other).RunToEnd()).Message;
        Assert.Matches(@"^nobody-connects at \d+\.\d+: /local/domain/0/backend/vbd/1/768/state is 4\n", message);
        Assert.EndsWith($"{nameof(CheckerTests)}.{nameof(An_objection_fails_the_test_when_time_advances_with_the_command_that_repeats_it)}\"", message);
        Assert.InRange(other.Simulator.Now.Nanoseconds, 1, 20_000_000_000);
        other.Dispose(); // Told once.
    }

    [Fact]
    public void An_objection_at_the_end_fails_the_test_too()
    {
        var other = Another();
        other.Check(new NeverContent());
        Small(other, paused: true);
        Assert.StartsWith("never-content at ", Assert.ThrowsAny<XunitException>(other.Dispose).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkers_know_of_faults_and_of_what_they_may_end()
    {
        var other = Another();
        var told = new List<string>();
        other.Check(new Reporter(told));
        Small(other, paused: true);
        var fault = other.Inject("backend-kill", ("device", "small/hda"));
        other.Advance(Ms(20));
        fault.Heal();
        other.Advance(Ms(20));
        Assert.Equal(["", "faults on, any fault, dom1/vbd/768", "any fault, dom1/vbd/768, all healed"], told);
    }

    [Fact]
    public void A_checker_that_there_is_not_is_named_and_none_comes_late()
    {
        Assert.StartsWith("there is no checker g0; there are g1-no-lost-request, ", Assert.ThrowsAny<XunitException>(() => Check("g0")).Message, StringComparison.Ordinal);
        Small(paused: true);
        Assert.Throws<InvalidOperationException>(() => Check("liveness"));
    }

    private sealed class NobodyConnects() : Checker("nobody-connects"), IObserve<StoreChanged>
    {
        public override void Attach(CheckedRun run) => run.Simulator.Observe(this);

        public void On(in Observed at, in StoreChanged what)
        {
            if (what.Exists && what.Path.EndsWith("/state", StringComparison.Ordinal) && what.Path.Contains("backend/vbd", StringComparison.Ordinal) && what.Value.Span.SequenceEqual("4"u8))
            {
                Fail(at.Time, $"{what.Path} is 4");
            }
        }
    }

    private sealed class NeverContent() : Checker("never-content")
    {
        public override void Attach(CheckedRun run)
        {
        }

        public override void AtEnd(CheckedRun run) => Fail(run.Simulator.Now, "it could be better");
    }

    // What it sees of the run, as often as that changes.
    private sealed class Reporter(List<string> told) : Checker("reporter")
    {
        public override void Attach(CheckedRun run)
        {
        }

        public override void AtSlice(CheckedRun run)
        {
            var words = string.Join(", ", ((string[])[run.FaultsOn ? "faults on" : "", run.AnyFault ? "any fault" : "", .. run.Degraded, run.AllHealedAt is null ? "" : "all healed"]).Where(w => w.Length > 0));
            if (told.Count == 0 || told[^1] != words)
            {
                told.Add(words);
            }
        }
    }
}
