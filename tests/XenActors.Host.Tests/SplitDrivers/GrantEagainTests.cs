using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Net;

namespace XenActors.Tests.SplitDrivers;

/// <summary>
/// Pages that are paged out when a backend wants them: gnttab_retry_eagain_gop tries at once, after 1 ms, after 2 ms more, ... and gives up when it has
/// slept for 255 ms, after 256 answers of GNTST_eagain and 32.64 s.
/// </summary>
public sealed class GrantEagainTests
{
    private const int TellTakes = 3;
    private readonly DeviceBench bench = new();

    private static void Away(DeviceBench bench, long times) =>
        bench.Operator.Say(bench.Places.GrantTable(DeviceBench.Guest), new ForceMapStatus(GnttabStatus.Eagain, times));

    private static long Forced(DeviceBench bench) => bench.Simulator.StateOf<GrantTableState>(bench.Places.GrantTable(DeviceBench.Guest))!.ForcedDone;

    // What is slept for so many answers in vain, the first of which is followed at once.
    private static long Slept(int times) => (times - 1) * times / 2;

    private static void Ask(ScriptedVbdFront front, BlkifOp operation, ulong id, params Segment[] segments)
    {
        var slot = front.Ring.NextRequest();
        new BlkifRequest(operation, (byte)segments.Length, 768, id, 0).WriteTo(slot, BlkifLayout.X86_64);
        for (var i = 0; i < segments.Length; i++)
        {
            BlkifRequest.WriteSegment(slot, BlkifLayout.X86_64, i, new(new GrantRef(segments[i].Ref), segments[i].First, segments[i].Last));
        }

        front.Driver.Tell(front.Backend, front.Ring.Publish(front.RingRef)!.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(255)]
    public void A_ring_that_is_paged_out_is_mapped_when_it_is_there_again(int times)
    {
        var front = new ScriptedVbdFront(bench).Create().Script().Initialise();
        Away(bench, times);
        front.State();
        if (times > 1)
        {
            bench.Run(Slept(times) - 20);
            Assert.Equal("2", front.BackState);
            bench.Run(40);
        }

        Assert.Equal("4", front.BackState);
        Assert.Equal(times, Forced(bench));
        var buffer = front.Buffer();
        Assert.Equal(BlkifStatus.Okay, front.Ask(BlkifOp.Read, 0, 1, new Segment(buffer, 0, 7)).Status);
    }

    [Fact]
    public void The_256th_time_in_vain_is_the_last()
    {
        var front = new ScriptedVbdFront(bench).Create().Script().Initialise();
        Away(bench, 256);
        front.State();
        bench.Run(Slept(256) - 20);
        Assert.Equal("2", front.BackState);
        bench.Run(40);
        Assert.Equal("5", front.BackState);
        Assert.Contains("22 mapping ring-ref", bench.Value(front.Error), StringComparison.Ordinal);
        Assert.Contains("xen:grant_table: gnttab_batch_map: xenwatch eagain grant", bench.BackLog);
        Assert.Equal(0, front.Pins);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Theory]
    [InlineData("3.1.0-7.fc16.x86_64")]
    [InlineData("2.6.18-274.el5xen")]
    public void A_dom0_before_Linux_3_7_does_not_try_again(string kernel)
    {
        var old = new DeviceBench(change: host => host with { Dom0 = host.Dom0 with { Kernel = kernel } });
        var front = new ScriptedVbdFront(old).Create().Script().Initialise();
        Away(old, 1);
        front.State();
        Assert.Equal("5", front.BackState);
    }

    [Fact]
    public void A_request_waits_for_its_pages_and_the_rings_thread_with_it()
    {
        var front = new ScriptedVbdFront(bench).Connected();
        var (one, two, other) = (front.Buffer(1), front.Buffer(2), front.Buffer());

        // Both pages are away: the first is tried until it is there, and the second at once after it.
        Away(bench, 20);
        Ask(front, BlkifOp.Write, 1, new Segment(one, 0, 7), new Segment(two, 0, 7));
        Ask(front, BlkifOp.Read, 2, new Segment(other, 0, 7));
        bench.Run(Slept(19) - (2 * TellTakes) - 2);
        Assert.Empty(front.Answers());
        Assert.Equal(19 + 1, Forced(bench));
        bench.Run(5);
        Assert.Equal([(1UL, BlkifStatus.Okay), (2UL, BlkifStatus.Okay)], front.Answers().Select(a => (a.Id, a.Status)));
        Assert.Equal(1, bench.Volumes.Images["/disk"][0]);
        Assert.Equal(2, bench.Volumes.Images["/disk"][4096]);
        Assert.Equal(1, front.Contents(other)[0]);
        Assert.Equal(0, front.Pins);
    }

    [Fact]
    public void A_request_whose_page_stays_away_is_an_error_and_what_was_mapped_for_it_is_given_back()
    {
        var front = new ScriptedVbdFront(bench).Connected();
        var (one, two) = (front.Buffer(1), front.Buffer(2));
        Away(bench, 256 + 1);
        Ask(front, BlkifOp.Write, 1, new Segment(one, 0, 7), new Segment(two, 0, 7));
        bench.Run(Slept(256) - 20);
        Assert.Empty(front.Answers());
        bench.Run(40);
        Assert.Equal(BlkifStatus.Error, Assert.Single(front.Answers()).Status);
        Assert.Equal(0, front.Pins);
        Assert.Equal(BlkifStatus.Okay, front.Ask(BlkifOp.Write, 0, 2, new Segment(one, 0, 7)).Status);
    }

    [Fact]
    public void A_device_that_goes_meanwhile_keeps_nothing()
    {
        var front = new ScriptedVbdFront(bench).Create().Script().Initialise();
        Away(bench, 1000);
        front.State();
        bench.Rm(front.Back);
        bench.Rm(front.Front);
        bench.Run(40_000);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        Assert.True(bench.Simulator.Find("dom0/xenbus/vbd-29-768").IsNone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void QEMU_sleeps_in_gntdev_whether_it_copies_or_maps(bool copies)
    {
        _ = new ScriptedGuest(bench).Boot();
        var front = new ScriptedVbdFront(bench, kind: "qdisk").Create();
        bench.StartQdisk(front.Back, copies, grantRetries: true);
        front.Initialise();
        Away(bench, 20);
        front.State();
        Assert.NotEqual("4", front.BackState);
        bench.Run(Slept(20));
        Assert.Equal("4", front.BackState);
        var (one, two, back) = (front.Buffer(1), front.Buffer(2), front.Buffer());
        foreach (var (id, operation, segments) in ((ulong, BlkifOp, Segment[])[])[
            (1, BlkifOp.Write, [new(one, 0, 7), new(two, 0, 7)]), (2, BlkifOp.Read, [new(back, 0, 3), new(one, 4, 7)])])
        {
            Away(bench, 20);
            Ask(front, operation, id, segments);
            bench.Run(Slept(19) - 20);
            Assert.Equal((int)id - 1, front.Answers().Count);
            bench.Run(40);
            Assert.Equal((id, BlkifStatus.Okay), (front.Answers()[^1].Id, front.Answers()[^1].Status));
        }

        Assert.Equal([1, 0], [front.Contents(back)[2047], front.Contents(back)[2048]]);
        Assert.Equal(2, bench.Volumes.Images["/disk"][8191]);
        Assert.Equal(0, front.Pins);
    }

    [Fact]
    public void A_vif_connects_and_its_frames_arrive_later_and_whole()
    {
        var front = new ScriptedNetFront(bench);
        var traffic = new NetTraffic(bench);
        Away(bench, 3);
        front.Connect();
        Assert.Equal(3, Forced(bench));

        // In: the guest-rx thread copies into the posted buffer when it is there again.
        front.Post(front.Page(readOnly: false), 1);
        var frame = NetTraffic.Frame(1000, NetTraffic.Guest, NetTraffic.Station);
        Away(bench, 20);
        traffic.ToGuest(frame);
        bench.Run(Slept(20) - 20);
        Assert.Empty(front.Received());
        bench.Run(40);
        Assert.Equal(1000, Assert.Single(front.Received()).Status);

        // Out: two pages of one frame.
        var sent = NetTraffic.Frame(1200, MacAddress.Broadcast, NetTraffic.Guest);
        var (head, tail) = (front.Page(sent.AsSpan(0, 700)), front.Page(sent.AsSpan(700)));
        Away(bench, 20);
        front.Put(head, 0, 1200, NetTxFlags.MoreData, 1).Put(tail, 0, 500, id: 2);
        front.Send();
        Assert.Empty(traffic.Arrived);
        bench.Run(Slept(19) + 20);
        Assert.Equal([sent], traffic.Arrived);
        Assert.All(front.Answers(), a => Assert.Equal(NetifStatus.Okay, a.Status));
    }
}
