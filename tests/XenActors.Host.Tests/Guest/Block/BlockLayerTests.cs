using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Tests.Guest.Block;

public sealed class BlockLayerTests
{
    [Fact]
    public void A_disk_and_its_partitions_are_opened_by_name_and_others_are_not_there()
    {
        var bench = new BlockBench();
        foreach (var (name, error, sectors) in new[] { ("xvda", BlockErrno.None, 4096UL), ("xvda3", BlockErrno.None, 1024UL), ("xvda2", BlockErrno.ENXIO, 0UL), ("sda", BlockErrno.ENXIO, 0UL) })
        {
            bench.User.Tell(bench.Layer, new BlockOpen(name, BlockOpenFlags.None, 1));
            var opened = bench.User.Last<BlockOpened>();
            Assert.Equal((error, sectors), (opened.Error, opened.Geometry.Sectors));
        }
    }

    [Fact]
    public void An_open_that_waits_is_answered_when_its_partition_is_found()
    {
        var bench = new BlockBench();
        bench.User.Tell(bench.Layer, new BlockOpen("xvda2", BlockOpenFlags.Wait, 9));
        Assert.Empty(bench.User.All<BlockOpened>());
        bench.Simulator.Tell(bench.Layer, new PartitionsFound("xvda", [new GuestPartition(2, 8, 16)]));
        bench.Run();
        Assert.Equal((9L, 16UL), (bench.User.Last<BlockOpened>().Cookie, bench.User.Last<BlockOpened>().Geometry.Sectors));
    }

    [Fact]
    public void A_large_read_is_cut_to_the_disks_limit_and_comes_back_whole()
    {
        var bench = new BlockBench();
        var data = bench.Read(bench.Open(), 5, 150);
        Assert.Equal([64u, 64u, 22u], bench.Heard.Select(r => r.Count));
        Assert.Equal(Enumerable.Range(5, 150).Select(i => (ulong)i), Enumerable.Range(0, 150).Select(i => BitConverter.ToUInt64(data, i * 512)));
    }

    [Fact]
    public void A_partition_is_an_offset_and_has_an_end()
    {
        var bench = new BlockBench();
        var handle = bench.Open("xvda3");
        Assert.Equal(2050UL, BitConverter.ToUInt64(bench.Read(handle, 2, 1)));
        Assert.Equal(BlockErrno.EINVAL, bench.Do(handle, BlockIoOperation.Read, 1020, 5).Error);
        Assert.Equal(BlockErrno.ENOSPC, bench.Do(handle, BlockIoOperation.Write, 1024, 1, BlockBench.Sector(1)).Error);
        Assert.Equal(BlockErrno.EINVAL, bench.Do(handle, BlockIoOperation.Read, ulong.MaxValue, 2).Error);
        Assert.Single(bench.Heard);
    }

    [Fact]
    public void The_driver_never_has_more_than_the_queue_depth_and_neighbours_that_wait_are_merged()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        for (var i = 0; i < 40; i++)
        {
            bench.Say(handle, BlockIoOperation.Read, (ulong)(i < 8 ? i * 100 : 1000 + (i * 2)), 2, cookie: i);
        }

        bench.Run(100);
        Assert.Equal(4, bench.Disk.OutMax);

        // Eight scattered ones, and 32 neighbours in one request of 64 sectors.
        Assert.Equal([2u, 2u, 2u, 2u, 2u, 2u, 2u, 2u, 64u], bench.Heard.Select(r => r.Count));
        Assert.Equal(31, bench.State.Queues[0].Stats.Reads.Merges);
        var answers = bench.User.All<BlockIoDone>();
        Assert.Equal(40, answers.Count);
        Assert.All(answers, a => Assert.Equal((ulong)(a.Cookie < 8 ? a.Cookie * 100 : 1000 + (a.Cookie * 2)), BitConverter.ToUInt64(a.Data)));
    }

    [Fact]
    public void A_flush_covers_what_was_answered_and_later_ones_share_the_next()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Write, 10, 1, BlockBench.Sector(0xA0)).Error);
        Assert.Single(bench.Disk.Volatile);
        for (var i = 0; i < 5; i++)
        {
            bench.Say(handle, BlockIoOperation.Sync, cookie: 100 + i);
        }

        bench.Run();
        Assert.Empty(bench.Disk.Volatile);
        Assert.Equal(0xA0, bench.Disk.Image[5120]);
        Assert.Equal(2, bench.Heard.Count(r => r.Operation == BlockOperation.Flush));
        Assert.Equal(6, bench.User.All<BlockIoDone>().Count);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void A_dsync_write_uses_what_the_disk_has(bool cache, bool fua)
    {
        var bench = new BlockBench(new DiskLimits { MaxSectors = 64, QueueDepth = 4, WriteCache = cache, Fua = fua });
        Assert.Equal(BlockErrno.None, bench.Do(bench.Open(), BlockIoOperation.Write, 10, 2, BlockBench.Sector(7, 2), BlockIoFlags.Dsync).Error);
        var expected = (cache, fua) switch
        {
            (true, true) => "Write Fua",
            (true, false) => "Write None, Flush None",
            _ => "Write None",
        };
        Assert.Equal(expected, string.Join(", ", bench.Heard.Select(r => $"{r.Operation} {r.Flags}")));
    }

    [Fact]
    public void An_error_of_the_disk_is_EIO_and_costs_only_what_touched_it()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        bench.Disk.BadSector = 70;
        Assert.Equal(BlockErrno.EIO, bench.Do(handle, BlockIoOperation.Read, 0, 128).Error);
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Read, 71, 128).Error);
    }

    [Fact]
    public void A_disk_that_may_only_be_read_refuses_writes()
    {
        var bench = new BlockBench(readOnly: true);
        Assert.Equal(BlockErrno.EPERM, bench.Do(bench.Open(), BlockIoOperation.Write, 0, 1, BlockBench.Sector(1)).Error);
        Assert.Equal(BlockErrno.EBADF, bench.Do(bench.Open("xvda", BlockOpenFlags.ReadOnly), BlockIoOperation.Discard, 0, 8).Error);
        Assert.Equal(BlockErrno.EBADF, bench.Do(77, BlockIoOperation.Read, 0, 1).Error);
        Assert.Empty(bench.Heard);
    }

    [Fact]
    public void Direct_transfers_are_whole_blocks_of_the_disk()
    {
        var bench = new BlockBench(new DiskLimits { LogicalBlockSize = 4096, MaxSectors = 64, QueueDepth = 4 });
        var handle = bench.Open();
        Assert.Equal(BlockErrno.EINVAL, bench.Do(handle, BlockIoOperation.Read, 1, 8).Error);
        Assert.Equal(BlockErrno.EINVAL, bench.Do(handle, BlockIoOperation.Read, 8, 4).Error);
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Read, 8, 8).Error);
        Assert.Equal(BlockErrno.None, bench.Do(bench.Open("xvda", BlockOpenFlags.None), BlockIoOperation.Read, 1, 3).Error);
    }

    [Fact]
    public void Zeroes_are_written_and_discards_go_to_a_disk_that_takes_them()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.WriteZeroes, 3, 100).Error);
        Assert.Equal([64u, 36u], bench.Heard.Select(r => r.Count));
        Assert.Equal(new byte[512], bench.Read(handle, 102, 1));
        Assert.Equal(103UL, BitConverter.ToUInt64(bench.Read(handle, 103, 1)));
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Discard, 0, 1024).Error);
        Assert.Equal((BlockOperation.Discard, 1024u), (bench.Heard[^1].Operation, bench.Heard[^1].Count));
        Assert.Equal(BlockErrno.EOPNOTSUPP, bench.Do(handle, BlockIoOperation.SecureDiscard, 0, 8).Error);
    }

    [Fact]
    public void When_the_disk_goes_all_that_waits_fails_and_its_users_hear_of_it()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        for (var i = 0; i < 10; i++)
        {
            bench.Say(handle, i == 9 ? BlockIoOperation.Sync : BlockIoOperation.Read, (ulong)(i * 100), i == 9 ? 0u : 1u, cookie: i);
        }

        bench.User.Say(bench.Layer, new BlockIo(handle, BlockIoOperation.Sync, BlockIoFlags.None, 0, 0, [], 10));
        bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(10));
        bench.Simulator.Tell(bench.Layer, new XenActors.Guest.DiskGone("xvda"));
        bench.Run();
        Assert.Equal(11, bench.User.All<BlockIoDone>().Count(d => d.Error == BlockErrno.EIO));
        Assert.Equal(0UL, bench.User.Last<BlockChanged>().Geometry.Sectors);
        Assert.Equal(BlockErrno.ENXIO, bench.Do(handle, BlockIoOperation.Read, 0, 1).Error);
        Assert.All(bench.State.Jobs, Assert.Null);
    }

    [Fact]
    public void A_disk_that_grows_is_told_to_who_has_it_open()
    {
        var bench = new BlockBench();
        var handle = bench.Open();
        bench.Simulator.Tell(bench.Layer, bench.Appeared with { Sectors = 4000 });
        bench.Run();
        Assert.Equal((handle, 4000UL), (bench.User.Last<BlockChanged>().Handle, bench.User.Last<BlockChanged>().Geometry.Sectors));
        Assert.Equal(BlockErrno.EINVAL, bench.Do(handle, BlockIoOperation.Read, 4000, 1).Error);
    }
}
