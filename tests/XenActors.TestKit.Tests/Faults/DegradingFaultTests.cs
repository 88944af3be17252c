using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.Guest.Block;
using XenActors.Machine.Disks;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Faults;

/// <summary>What is called degrading or corrupting: it acts, what it names may fail, and the host lives on.</summary>
public sealed class DegradingFaultTests(ITestOutputHelper output) : FaultedGuest(output)
{
    [Theory]
    [InlineData("event-drop", "dom1/vbd/768")]
    [InlineData("event-misroute", "dom1/vbd/768")]
    [InlineData("ring-flip", "dom1/vbd/768")]
    [InlineData("ring-torn", "dom1/vbd/768")]
    [InlineData("ring-overflow", "dom1/vbd/768")]
    [InlineData("ring-stale", "dom1/vbd/768")]
    [InlineData("grant-revoke", "dom1/vbd/768")]
    [InlineData("backend-kill", "dom1/vbd/768")]
    [InlineData("backend-close", "dom1/vbd/768")]
    [InlineData("backend-restart", "dom1/vbd/768")]
    [InlineData("domain-crash", "dom1")]
    [InlineData("domain-destroy", "dom1")]
    [InlineData("device-model-kill", "dom1")]
    [InlineData("toolstack-kill", "dom1")]
    [InlineData("disk-eio", "host")]
    [InlineData("disk-enospc", "host")]
    [InlineData("disk-torn", "host")]
    [InlineData("disk-power-loss", "host")]
    [InlineData("xenstore-crash", "host")]
    [InlineData("host-power-off", "host")]
    public void It_acts_on_a_guest_at_work_and_the_run_goes_on(string kind, string scope)
    {
        Booted();
        Job();
        Advance(Ms(1));
        var fault = Usual(kind);
        Advance(Seconds(2));
        Assert.Equal(scope, fault.Degrades[0]);
        Assert.Equal(kind.StartsWith("ring-", StringComparison.Ordinal) ? ["dom1/vbd", "dom1/vif"] : [], fault.Degrades.Skip(1));
        Assert.NotEqual(0, fault.Acts);
        fault.Heal();
        Advance(Seconds(2));
    }

    [Theory]
    [InlineData("event-drop")]
    [InlineData("event-misroute")]
    [InlineData("ring-flip")]
    [InlineData("ring-torn")]
    [InlineData("ring-overflow")]
    [InlineData("ring-stale")]
    public void The_frontend_can_be_the_one_that_suffers(string kind)
    {
        Booted();
        Job();
        Advance(Ms(1));
        var fault = Inject(kind, ("device", "small/hda"), ("end", "front"));
        Advance(Seconds(2));
        Assert.NotEqual(0, fault.Acts);
        fault.Heal();
        Advance(Seconds(2));
        Assert.DoesNotContain(Simulator.StateOf<BackendXenbusState>(Find("dom0/xenbus"))!.Log, l => l.Contains("bogus ring requests", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("domain-pause", "domain", "dom0", "domain-pause is for guests")]
    [InlineData("domain-pause", "domain", "smal", "there is no domain smal; did you mean small?; there are dom0 and small")]
    [InlineData("event-drop", "device", "small/foo", "foo is no device")]
    [InlineData("event-drop", "device", "dom0/xvda", "dom0 has no devices of its own")]
    [InlineData("disk-slow", "volume", "/dev/none", "the host has no volume /dev/none")]
    public void What_is_not_there_is_named(string kind, string parameter, string value, string message)
    {
        Small(paused: true);
        Assert.Contains(message, Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Inject(kind, (parameter, value))).Message);
    }

    [Fact]
    public void Inside_a_host_there_is_no_network_to_fail()
    {
        Small(paused: true);
        Assert.Contains("dom0 is inside a host", Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Inject("link-loss", ("from", "dom0"), ("to", "dom1"))).Message);
    }

    [Fact]
    public void A_ring_that_overflows_halts_and_dom0_says_so()
    {
        Booted();
        var run = Job();
        Advance(Ms(1));
        Usual("ring-overflow");
        Advance(Seconds(1));
        Assert.Contains(Simulator.StateOf<BackendXenbusState>(Find("dom0/xenbus"))!.Log, l => l.Contains("bogus ring requests", StringComparison.Ordinal));
        Assert.NotEqual(Experiments.Fio.FioPhase.Done, State(run).Phase);
    }

    [Theory]
    [InlineData("disk-eio")]
    [InlineData("disk-enospc")]
    [InlineData("disk-torn")]
    [InlineData("grant-table-full")]
    public void A_request_that_fails_fails_for_its_user(string kind)
    {
        Kernel("fedora16-3.1"); // Each request is mapped: there are no persistent grants yet.
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Usual(kind);
        Assert.True(Finishes(run));
        Assert.NotEqual(0, fault.Acts);
        Assert.NotEqual(BlockErrno.None, State(run).Error);
        fault.Heal();
        var again = Job();
        Assert.True(Finishes(again));
        Assert.Equal(BlockErrno.None, State(again).Error);
    }

    [Fact]
    public void One_volume_fails_and_the_other_does_not()
    {
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Inject("disk-eio", ("volume", "/dev/vg01/small"), ("requests", "writes"), ("count", "1"));
        Assert.True(Finishes(run));
        Assert.Equal(1, fault.Acts);
        Assert.Equal(1, Simulator.StateOf<DiskState>(Machine.Disks)!.FaultsDone);
    }

    [Fact]
    public void A_low_quota_keeps_a_frontend_from_saying_where_its_ring_is()
    {
        var guest = Small(paused: true);
        var fault = Inject("xenstore-quota", ("quota", "nodes"), ("limit", "1"));
        guest.Unpause();
        guest.RunToEnd();
        Assert.Equal(1, fault.Acts);
        Store.AssertAbsent($"{Vbd}/ring-ref");
        Assert.DoesNotContain("xvda1", guest.Partitions);
    }

    [Theory]
    [InlineData("hotplug-error")]
    [InlineData("hotplug-timeout")]
    public void A_script_that_fails_fails_the_creation(string kind)
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        Guest(Config);
        var fault = Usual(kind);
        Advance(Seconds(90));
        Assert.Equal(1, fault.Acts);
        var answer = Assert.Single(Machine.OperatorState.Answers);
        Assert.False(answer.Ok);
        Store.AssertAbsent(VbdBackend);
    }

    [Fact]
    public void A_backend_whose_directory_goes_while_it_writes_its_state_leaves_no_transaction_open()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        Guest(Config + "\nvif=['']\n");
        AdvanceUntil("backend/vif/1/0/state", Seconds(30));
        var fault = Usual("hotplug-error");
        Advance(Seconds(90));
        Assert.Equal(1, fault.Acts);
        Assert.False(Assert.Single(Machine.OperatorState.Answers).Ok);
        Store.AssertAbsent("backend/vif/1/0");
        Assert.Equal(0, Machine.Store.TransactionCount);
    }

    [Fact]
    public void A_toolstack_that_is_killed_leaves_what_it_has_done()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        Guest(Config);
        AdvanceUntil("backend/vbd/1/768", Seconds(30));
        var fault = Usual("toolstack-kill");
        Advance(Seconds(90));
        Assert.Equal(1, fault.Acts);
        Assert.Equal((false, "Killed"), Machine.OperatorState.Answers.Select(a => (a.Ok, a.Message)).Single());
        Store.AssertExists("/local/domain/1");
    }

    [Fact]
    public void A_backend_that_closes_takes_its_disk_away()
    {
        Booted();
        Usual("backend-close");
        Advance(Seconds(15));
        Assert.Equal((XlCommandKind.BlockDetach, true), Machine.OperatorState.Commands.Select(c => (c.Kind, c.Ok)).Single());
        Store.AssertAbsent(Vbd);
        Store.AssertAbsent(VbdBackend);
    }

    [Fact]
    public void Without_its_device_model_a_guest_has_no_emulated_disk()
    {
        Booted();
        Usual("device-model-kill");
        Advance(Ms(10));
        Assert.Empty(Simulator.FindAll("dom0/toolstack/xl-*/qemu-*"));
    }

    [Fact]
    public void A_guest_that_crashes_is_taken_away_by_its_toolstack()
    {
        Booted();
        Usual("domain-crash");
        Advance(Seconds(20));
        Assert.Equal(DomainStatus.Dead, Machine.Domain(1).Status);
        Store.AssertAbsent("/local/domain/1");
    }

    [Fact]
    public void A_guest_that_is_destroyed_in_its_handshake_leaves_nothing()
    {
        Small(paused: true).Unpause();
        AdvanceUntil("device/vbd/768/event-channel", Seconds(30));
        Usual("domain-destroy");
        Advance(Seconds(20));
        Assert.Equal(DomainStatus.Dead, Machine.Domain(1).Status);
        Store.AssertAbsent("/local/domain/1");
        Store.AssertAbsent(VbdBackend);
    }

    [Fact]
    public void A_lost_store_is_empty_and_a_kept_one_is_not()
    {
        Booted();
        Usual("xenstore-crash");
        Advance(Ms(10));
        Store.AssertAbsent("/local/domain/1/name");
    }
}
