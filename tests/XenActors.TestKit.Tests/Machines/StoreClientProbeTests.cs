using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class StoreClientProbeTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void A_tool_reads_what_it_has_written()
    {
        var guest = Small(paused: true);
        var tool = StoreClient();
        tool.Write($"{guest.Home}/data/note", "hello");
        Assert.Equal("hello", tool.Read($"{guest.Home}/data/note"));
        Assert.Equal(["note"], tool.Directory($"{guest.Home}/data"));
        Store.AssertNode($"{guest.Home}/data/note", "hello");
        tool.Rm($"{guest.Home}/data/note");
        Store.AssertAbsent($"{guest.Home}/data/note");
    }

    [Fact]
    public void The_two_ends_of_a_vbd_go_through_the_states_1_2_3_4()
    {
        var guest = Small(paused: true);
        var tool = StoreClient();
        tool.Watch($"{Vbd}/state");
        tool.Watch($"{VbdBackend}/state");
        Assert.Equal("1", tool.Read($"{Vbd}/state"));
        Assert.Equal("2", tool.Read($"{VbdBackend}/state"));
        guest.Unpause();
        tool.ExpectWatch($"{Vbd}/state", Seconds(30));
        Assert.Equal("3", tool.Read($"{Vbd}/state"));
        tool.ExpectWatch($"{VbdBackend}/state");
        Assert.Equal("4", tool.Read($"{VbdBackend}/state"));
        tool.ExpectWatch($"{Vbd}/state");
        Assert.Equal("4", tool.Read($"{Vbd}/state"));
        tool.ExpectNoWatch(Seconds(10));
    }

    [Fact]
    public void A_commit_meets_EAGAIN_when_another_client_came_between()
    {
        Small(paused: true);
        var (one, other) = (StoreClient(), StoreClient());
        var transaction = one.Begin();
        one.Read($"{Vbd}/state", transaction);
        one.Write($"{Vbd}/note", "mine", transaction);
        other.Write($"{Vbd}/state", "1");
        Assert.Equal(XenErrno.EAGAIN, one.Commit(transaction));
        Store.AssertAbsent($"{Vbd}/note");
    }

    [Fact]
    public void A_frontend_whose_commit_meets_EAGAIN_publishes_once_more()
    {
        var guest = Small(paused: true);
        var tool = StoreClient();
        var slow = Fault<XsRequest>("dom1/xenbus", m => m.Type == XsWireType.TransactionEnd ? Verdict.Delay(Ms(100)) : Verdict.Pass);
        guest.Unpause();
        AdvanceUntil("device/vbd/768/event-channel", Seconds(30));
        tool.Write($"{Vbd}/event-channel", "99");
        Simulator.Heal(slow);
        guest.RunToEnd();
        guest.AssertBooted();
        Trace.AssertOrder("(device/vbd/768/ring-ref", "(EAGAIN ", "(device/vbd/768/ring-ref");
        Assert.NotEqual("99", Store.Value($"{Vbd}/event-channel"));
    }

    [Fact]
    public void A_guest_may_not_write_its_backends_node()
    {
        var guest = Small(paused: true);
        var client = StoreClient(guest.Domain);
        Assert.Equal(XenErrno.EACCES, client.Ask(XsWireType.Write, $"{VbdBackend}/state\06").Error);
        Assert.StartsWith(
            $"xenstored refused Write {VbdBackend}/state 6 with EACCES",
            Assert.ThrowsAny<XunitException>(() => client.Write($"{VbdBackend}/state", "6")).Message);
        client.Write("device/vbd/768/note", "own");
        Store.AssertNode($"{Vbd}/note", "own");
    }

    [Fact]
    public void A_watch_event_for_another_node_is_named()
    {
        Small(paused: true);
        var tool = StoreClient();
        tool.Watch(Vbd);
        tool.Write($"{Vbd}/note", "x");
        Assert.StartsWith(
            $"expected a watch event for {Vbd} within 1s, and got one for {Vbd}/note",
            Assert.ThrowsAny<XunitException>(() => tool.ExpectWatch(Vbd)).Message);
    }
}
