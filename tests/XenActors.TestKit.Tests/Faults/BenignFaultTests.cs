using XenActors.Guest.Block;
using XenActors.Experiments.Faults;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Faults;

/// <summary>What is called benign: everything recovers, nothing is lost.</summary>
public sealed class BenignFaultTests(ITestOutputHelper output) : FaultedGuest(output)
{
    [Theory]
    [InlineData("event-delay")]
    [InlineData("event-duplicate")]
    [InlineData("event-storm")]
    [InlineData("domain-pause")]
    [InlineData("vcpu-hang")]
    [InlineData("vcpu-slow")]
    [InlineData("disk-slow")]
    public void A_job_under_it_finishes_and_every_stamp_is_right(string kind)
    {
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Usual(kind);
        Assert.Equal(FaultEffect.Benign, fault.Kind.Effect);
        Advance(Ms(200));
        fault.Heal();
        Assert.True(Finishes(run));
        Assert.NotEqual(0, fault.Acts);
        Assert.NotEmpty(fault.Log);
        Assert.Empty(fault.Degrades);
        Assert.Equal(BlockErrno.None, State(run).Error);
        Assert.Equal(0, State(run).Findings.Bad);
        Assert.NotEqual(0, State(run).Findings.Checked);
        var acts = fault.Acts;
        Advance(Seconds(1));
        Assert.Equal(acts, fault.Acts);
    }

    [Theory]
    [InlineData("event-delay")]
    [InlineData("event-duplicate")]
    [InlineData("event-storm")]
    public void A_frontend_under_it_finishes_too(string kind)
    {
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Inject(kind, ("device", "small/hda"), ("end", "front"));
        Advance(Ms(200));
        fault.Heal();
        Assert.True(Finishes(run));
        Assert.NotEqual(0, fault.Acts);
        Assert.Equal((BlockErrno.None, 0), (State(run).Error, State(run).Findings.Bad));
    }

    [Theory]
    [InlineData("xenstore-delay")]
    [InlineData("xenstore-conflict")]
    [InlineData("xenstore-restart")]
    [InlineData("watch-duplicate")]
    [InlineData("watch-late")]
    [InlineData("domain-pause")]
    [InlineData("vcpu-slow")]
    public void A_guest_boots_under_it(string kind)
    {
        var guest = Small(paused: true);
        var fault = Usual(kind);
        guest.Unpause();
        Advance(Seconds(10));
        fault.Heal();
        Advance(Ms(1));
        guest.RunToEnd();
        guest.AssertBooted();
        Assert.NotEqual(0, fault.Acts);
        Assert.Contains("xvda1", guest.Partitions);
        Store.AssertNode($"{Vbd}/state", "4");
        Store.AssertNode($"{VbdBackend}/state", "4");
    }

    [Fact]
    public void A_paused_domain_does_nothing_and_then_goes_on()
    {
        Booted();
        var run = Job();
        Advance(Ms(1));
        var pause = Usual("domain-pause");
        Advance(Ms(1));
        var done = State(run).Writes.Ios + State(run).Reads.Ios;
        Advance(Seconds(5));
        Assert.Equal(done, State(run).Writes.Ios + State(run).Reads.Ios);
        pause.Heal();
        Assert.True(Finishes(run));
    }

    [Fact]
    public void Commands_that_are_given_twice_are_done_once()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        var guest = Guest(Config);
        var twice = Inject("toolstack-twice");
        Advance(Seconds(30));
        guest.AssertBooted();
        Assert.Equal(1, twice.Acts);
        Assert.Equal([false, true], Machine.OperatorState.Answers.Select(a => a.Ok).Order());
        Assert.Contains(Machine.OperatorState.Answers, a => a.Message == "domain 1 exists already");
    }
}
