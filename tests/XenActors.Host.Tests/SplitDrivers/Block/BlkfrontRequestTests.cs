using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

public sealed class BlkfrontRequestTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;
    private readonly ScriptedVbdBack vbd;
    private int taken;

    public BlkfrontRequestTests()
    {
        guest = new(bench);
        vbd = new(bench);
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        vbd.State(2).Connect();
    }

    private ActorRef Disk => guest.Kernel.Last<DiskAppeared>().Driver;

    private List<BlockDone> Done => guest.Kernel.All<BlockDone>();

    private List<BlkifRequest> Read(params ReadOnlySpan<long> cookies)
    {
        foreach (var cookie in cookies)
        {
            guest.Kernel.Say(Disk, BlockRequest.Read(cookie, 0, 8));
        }

        bench.Run();
        return vbd.Take(ref taken);
    }

    [Fact]
    public void A_read_is_answered_with_its_pages()
    {
        var requests = Read(5);
        vbd.Answer(requests[0].Id);
        Assert.Equal((5, true, 4096), (Done[0].Cookie, Done[0].Ok, Done[0].Data.Length));
    }

    [Fact]
    public void A_failed_read_is_told_and_the_disk_goes_on()
    {
        vbd.Answer(Read(5)[0].Id, status: BlkifStatus.Error);
        Assert.False(Done[0].Ok);
        vbd.Answer(Read(6)[0].Id);
        Assert.True(Done[1].Ok);
    }

    [Fact]
    public void An_unknown_id_kills_the_disk_and_fails_all_reads_that_wait()
    {
        Read(1, 2, 3);
        vbd.Answer(999);
        Dead(3, "response has incorrect id (999)");
    }

    [Fact]
    public void A_wrong_operation_kills_the_disk()
    {
        vbd.Answer(Read(1, 2)[0].Id, BlkifOp.Write);
        Dead(2, "response has wrong operation (1 instead of 0)");
    }

    [Fact]
    public void An_id_that_is_answered_twice_kills_the_disk()
    {
        var id = Read(1, 2)[0].Id;
        new BlkifResponse(id, BlkifOp.Read, BlkifStatus.Okay).WriteTo(vbd.Ring.NextResponse());
        vbd.Answer(id);
        Dead(2, "response references no pending request");
    }

    [Fact]
    public void Too_many_responses_kill_the_disk()
    {
        Read(1, 2);
        vbd.Driver.Tell(vbd.Frontend, new ResponsesPublished(vbd.RingRef, 0, 33, new byte[3 * 112]));
        Dead(2, "illegal number of responses 33");
    }

    [Fact]
    public void Another_disk_of_the_same_guest_goes_on()
    {
        Read(1);
        var second = new ScriptedVbdBack(bench, 832).Create();
        second.State(2).Connect();
        Assert.Equal("4", second.FrontState);
        vbd.Answer(999);
        var at = 0;
        guest.Kernel.Say(Disk, BlockRequest.Read(9, 0, 1));
        bench.Run();
        second.Answer(second.Take(ref at)[0].Id);
        Assert.Equal((9, true, 512), (Done[^1].Cookie, Done[^1].Ok, Done[^1].Data.Length));
    }

    [Fact]
    public void More_reads_than_the_ring_holds_wait_for_their_turn()
    {
        var cookies = Enumerable.Range(1, 40).Select(i => (long)i).ToArray();
        var requests = Read(cookies);
        Assert.Equal(32, requests.Count);
        foreach (var request in requests)
        {
            vbd.Answer(request.Id);
        }

        Assert.Equal(32, Done.Count(d => d.Ok));
        foreach (var request in vbd.Take(ref taken))
        {
            vbd.Answer(request.Id);
        }

        Assert.Equal(cookies, Done.Where(d => d.Ok).Select(d => d.Cookie));
    }

    [Fact]
    public void Pages_that_the_backend_keeps_mapped_are_nobodys_to_read()
    {
        var requests = Read(1);
        bench.Grants(DeviceBench.Guest).Map(9, 0, false, out _);
        vbd.Answer(requests[0].Id);
        Assert.False(Done[0].Ok);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    [InlineData(uint.MaxValue)]
    public void A_read_that_no_request_can_carry_fails(uint count)
    {
        guest.Kernel.Tell(Disk, BlockRequest.Read(1, 0, count));
        Assert.False(Done[0].Ok);
    }

    private void Dead(int waiting, string words)
    {
        Assert.Equal(waiting, Done.Count(d => !d.Ok));
        Assert.Contains("xvda: " + words, guest.Log);
        Assert.Contains("xvda disabled for further use", guest.Log);
        guest.Kernel.Tell(Disk, BlockRequest.Read(77, 0, 8));
        Assert.Equal((77, false), (Done[^1].Cookie, Done[^1].Ok));
    }
}
