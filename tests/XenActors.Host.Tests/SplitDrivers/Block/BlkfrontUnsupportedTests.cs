using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A backend that offers what it then cannot do: the frontend turns the feature off, as Linux' blkif_interrupt does.</summary>
public sealed class BlkfrontUnsupportedTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;
    private readonly ScriptedVbdBack vbd;
    private int taken;

    public BlkfrontUnsupportedTests()
    {
        guest = new(bench);
        vbd = new(bench);
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        vbd.State(2);
    }

    private ActorRef Disk => guest.Kernel.Last<DiskAppeared>().Driver;

    private BlockDone Last => guest.Kernel.Last<BlockDone>();

    private DiskLimits Limits => guest.Kernel.Last<DiskChanged>().Limits;

    [Theory]
    [InlineData("feature-flush-cache", BlkifOp.FlushDiskcache, BlkifStatus.Eopnotsupp, "flush op failed")]
    [InlineData("feature-barrier", BlkifOp.WriteBarrier, BlkifStatus.Eopnotsupp, "barrier op failed")]
    [InlineData("feature-flush-cache", BlkifOp.FlushDiskcache, BlkifStatus.Error, "empty flush op failed")]
    public void A_flush_that_the_backend_does_not_know_ends_well_and_is_the_last(string feature, BlkifOp operation, BlkifStatus status, string words)
    {
        vbd.Connect((feature, "1"));
        Assert.True(guest.Kernel.Last<DiskAppeared>().Limits.WriteCache);
        var request = Assert.Single(Say(BlockOperation.Flush, 1, 0, 0));
        Assert.Equal((operation, 0), (request.Operation, request.NrSegments));
        vbd.Answer(request.Id, operation, status);
        Assert.Equal((1, BlockStatus.Ok), (Last.Cookie, Last.Status));
        Assert.Contains($"blkfront: xvda: {words}", guest.Log);
        Assert.Equal((false, false), (Limits.WriteCache, Limits.Fua));

        // A block layer that asks all the same is refused by the driver: nothing reaches the ring.
        Assert.Empty(Say(BlockOperation.Flush, 2, 0, 0));
        Assert.Equal((2, BlockStatus.IoError), (Last.Cookie, Last.Status));
        GoesOn();
    }

    [Fact]
    public void A_flush_that_fails_fails_and_turns_flushing_off_too()
    {
        vbd.Connect(("feature-barrier", "1"));
        var request = Assert.Single(Say(BlockOperation.Write, 1, 0, 8, BlockFlags.Fua));
        Assert.Equal((BlkifOp.WriteBarrier, 1), (request.Operation, request.NrSegments));
        vbd.Answer(request.Id, BlkifOp.WriteBarrier, BlkifStatus.Error);
        Assert.Equal((1, BlockStatus.IoError), (Last.Cookie, Last.Status));
        Assert.Equal((false, false), (Limits.WriteCache, Limits.Fua));
        GoesOn();
    }

    [Theory]
    [InlineData(BlockOperation.Discard)]
    [InlineData(BlockOperation.SecureErase)]
    public void A_discard_that_the_backend_does_not_know_is_unsupported_and_the_last(BlockOperation operation)
    {
        vbd.Connect(("feature-discard", "1"), ("discard-granularity", "4096"), ("discard-secure", "1"));
        Assert.Equal((4096U, true), (guest.Kernel.Last<DiskAppeared>().Limits.DiscardGranularity, guest.Kernel.Last<DiskAppeared>().Limits.SecureErase));
        var request = Assert.Single(Say(operation, 1, 8, 8));
        Assert.Equal(BlkifOp.Discard, request.Operation);
        vbd.Answer(request.Id, BlkifOp.Discard, BlkifStatus.Eopnotsupp);
        Assert.Equal((1, BlockStatus.NotSupported), (Last.Cookie, Last.Status));
        Assert.Contains("blkfront: xvda: discard op failed", guest.Log);
        Assert.Equal((0U, false), (Limits.DiscardGranularity, Limits.SecureErase));
        foreach (var again in new[] { BlockOperation.Discard, BlockOperation.SecureErase })
        {
            Assert.Empty(Say(again, 2, 8, 8));
            Assert.Equal((2, BlockStatus.NotSupported), (Last.Cookie, Last.Status));
        }

        GoesOn();
    }

    [Fact]
    public void A_discard_that_only_fails_is_an_error_and_discarding_goes_on()
    {
        vbd.Connect(("feature-discard", "1"), ("discard-granularity", "4096"));
        vbd.Answer(Assert.Single(Say(BlockOperation.Discard, 1, 8, 8)).Id, BlkifOp.Discard, BlkifStatus.Error);
        Assert.Equal((1, BlockStatus.IoError), (Last.Cookie, Last.Status));
        vbd.Answer(Assert.Single(Say(BlockOperation.Discard, 2, 8, 8)).Id, BlkifOp.Discard);
        Assert.Equal((2, BlockStatus.Ok), (Last.Cookie, Last.Status));
    }

    private List<BlkifRequest> Say(BlockOperation operation, long cookie, ulong sector, uint count, BlockFlags flags = BlockFlags.None)
    {
        guest.Kernel.Say(Disk, new BlockRequest(cookie, operation, flags, sector, count, operation == BlockOperation.Write ? new byte[count * 512] : []));
        bench.Run();
        return vbd.Take(ref taken);
    }

    private void GoesOn()
    {
        vbd.Answer(Assert.Single(Say(BlockOperation.Read, 9, 0, 8)).Id);
        Assert.Equal((9, BlockStatus.Ok), (Last.Cookie, Last.Status));
    }
}
