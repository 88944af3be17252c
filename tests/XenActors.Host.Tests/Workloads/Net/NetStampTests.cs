using XenActors.Experiments.Workloads.Net;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Tests.Workloads.Net;

/// <summary>A stamped frame is known again, and every damage to it is seen.</summary>
public sealed class NetStampTests
{
    private static readonly MacAddress To = new(0x0016_3e00_0001);
    private static readonly MacAddress From = new(0x0016_3e00_0002);

    [Theory]
    [InlineData(54)]
    [InlineData(60)]
    [InlineData(1514)]
    public void A_frame_says_what_it_was_stamped_with_and_no_changed_byte_is_missed(int length)
    {
        var stamp = new NetStamp(3, 29, 123_456_789_012, length, 987_654_321, Reply: false);
        var frame = stamp.Frame(To, From);
        Assert.Equal((length, To, From), (frame.Length, EthernetHeader.Destination(frame), EthernetHeader.Source(frame)));
        Assert.Equal(stamp, NetStamp.Read(frame));
        for (var i = EthernetHeader.SizeOf; i < length; i++)
        {
            frame[i] ^= 0x10;
            Assert.Null(NetStamp.Read(frame));
            frame[i] ^= 0x10;
        }

        Assert.Null(NetStamp.Read(frame.AsSpan(0, length - 1)));
        Assert.Null(NetStamp.Read(new byte[length]));
    }

    [Fact]
    public void A_ledger_tells_late_frames_from_repeated_ones()
    {
        var ledger = new NetLedger();
        foreach (var sequence in (long[])[0, 1, 3, 2, 3, 70, 69, 0])
        {
            ledger.Take(new NetStamp(1, 1, sequence, 60, 1000, false), new VirtualTime(1500));
        }

        Assert.Equal((6, 2, 2, 70), (ledger.Received, ledger.Reordered, ledger.Duplicates, ledger.Highest));
        Assert.Equal((500, 500, 6), (ledger.Latency.Min, ledger.Latency.Max, ledger.Latency.Count));
        Assert.True(ledger.Has(69));
        Assert.False(ledger.Has(4));
        Assert.False(ledger.Has(500));
    }
}
