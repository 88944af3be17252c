using XenActors.Guest.Block;

namespace XenActors.Tests.Guest.Block;

public sealed class PageCacheTests
{
    [Fact]
    public void A_second_read_comes_from_memory_until_the_caches_are_dropped()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        var first = bench.Read(handle, 803, 3);
        Assert.Equal([803UL, 804UL, 805UL], Enumerable.Range(0, 3).Select(i => BitConverter.ToUInt64(first, i * 512)));
        Assert.Equal((800UL, 8u), (bench.Heard[0].Sector, bench.Heard[0].Count));
        Assert.Equal(first, bench.Read(handle, 803, 3));
        Assert.Single(bench.Heard);
        bench.User.Tell(bench.Layer, new DropCaches(5));
        Assert.Equal(1, bench.User.Last<CachesDropped>().Pages);
        Assert.Equal(first, bench.Read(handle, 803, 3));
        Assert.Equal(2, bench.Heard.Count);
    }

    [Fact]
    public void Reads_one_after_the_other_are_read_ahead()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        for (var i = 0u; i < 32; i++)
        {
            Assert.Equal(i * 8UL, BitConverter.ToUInt64(bench.Read(handle, i * 8, 8)));
        }

        // 32 pages in requests of 64 sectors.
        Assert.Equal([0UL, 64UL, 128UL, 192UL], bench.Heard.Select(r => r.Sector));
    }

    [Fact]
    public void A_buffered_write_is_answered_from_memory_and_reaches_the_disk_with_a_sync()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        var whole = BlockBench.Sector(0x40, 16);
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Write, 16, 16, whole).Error);
        Assert.Empty(bench.Heard);
        Assert.Equal(whole, bench.Read(handle, 16, 16));
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Sync).Error);
        Assert.Equal(["Write @16 +16", "Flush @0 +0"], bench.Heard.Select(r => $"{r.Operation} @{r.Sector} +{r.Count}"));
        Assert.Equal(whole, bench.Disk.Image[(16 * 512)..(32 * 512)]);
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Sync).Error);
        Assert.Equal(3, bench.Heard.Count);
    }

    [Fact]
    public void A_write_of_part_of_a_page_keeps_the_rest_of_it()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Write, 13, 12, BlockBench.Sector(0x60, 12)).Error);
        Assert.Equal([8UL, 24UL], bench.Heard.Select(r => r.Sector));
        Assert.Equal(BlockErrno.None, bench.Do(handle, BlockIoOperation.Sync).Error);
        Assert.Equal(12UL, BitConverter.ToUInt64(bench.Disk.Image, 12 * 512));
        Assert.Equal(0x60, bench.Disk.Image[13 * 512]);
        Assert.Equal(0x6B, bench.Disk.Image[24 * 512]);
        Assert.Equal(25UL, BitConverter.ToUInt64(bench.Disk.Image, 25 * 512));
    }

    [Fact]
    public void Old_dirty_pages_are_written_by_the_flusher()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        bench.Do(handle, BlockIoOperation.Write, 8, 8, BlockBench.Sector(1, 8));
        bench.Run(29_000);
        Assert.Empty(bench.Heard);
        bench.Run(8_000);
        Assert.Equal([8UL], bench.Heard.Select(r => r.Sector));
        Assert.Equal(0, bench.State.DirtyPages());
    }

    [Fact]
    public void A_page_written_again_while_it_is_on_its_way_is_written_once_more_before_a_sync_ends()
    {
        var bench = new BlockBench();
        var handle = bench.Open(flags: BlockOpenFlags.None);
        bench.Do(handle, BlockIoOperation.Write, 0, 8, BlockBench.Sector(1, 8));
        bench.Say(handle, BlockIoOperation.Sync, cookie: 50);
        bench.Say(handle, BlockIoOperation.Write, 0, 8, BlockBench.Sector(101, 8), cookie: 51);
        bench.Say(handle, BlockIoOperation.Sync, cookie: 52);
        bench.Run();
        Assert.Equal(101, bench.Disk.Image[0]);
        Assert.Equal([1, 101], bench.Heard.Where(r => r.Operation == BlockOperation.Write).Select(r => (int)r.Data[0]));
        Assert.Equal([51L, 50L, 52L], bench.User.All<BlockIoDone>().Skip(1).Select(d => d.Cookie));
    }

    [Fact]
    public void A_direct_read_sees_what_lies_dirty_in_the_cache_and_a_direct_write_replaces_it()
    {
        var bench = new BlockBench();
        var (buffered, direct) = (bench.Open(flags: BlockOpenFlags.None), bench.Open());
        bench.Do(buffered, BlockIoOperation.Write, 8, 8, BlockBench.Sector(0x50, 8));
        Assert.Equal(0x51, bench.Read(direct, 9, 1)[0]);
        bench.Do(direct, BlockIoOperation.Write, 9, 1, BlockBench.Sector(0x99));
        Assert.Equal([0x50, 0x99, 0x52], new[] { 0, 512, 1024 }.Select(i => (int)bench.Read(buffered, 8, 3)[i]));
    }

    [Fact]
    public void A_writeback_that_failed_is_told_once_to_each_who_syncs()
    {
        var bench = new BlockBench();
        var (one, two) = (bench.Open(flags: BlockOpenFlags.None), bench.Open(flags: BlockOpenFlags.None));
        bench.Disk.BadSector = 9;
        Assert.Equal(BlockErrno.None, bench.Do(one, BlockIoOperation.Write, 8, 8, BlockBench.Sector(1, 8)).Error);
        Assert.Equal(BlockErrno.EIO, bench.Do(one, BlockIoOperation.Sync).Error);
        Assert.Equal(BlockErrno.None, bench.Do(one, BlockIoOperation.Sync).Error);
        Assert.Equal(BlockErrno.EIO, bench.Do(two, BlockIoOperation.Sync).Error);
    }

    [Fact]
    public void The_cache_keeps_to_its_size_and_writers_wait_for_the_disk()
    {
        // 1 MiB of memory: 128 pages of cache, of which 25 may be dirty.
        var bench = new BlockBench(memoryMib: 1);
        var handle = bench.Open(flags: BlockOpenFlags.None);
        for (var i = 0; i < 400; i++)
        {
            bench.Say(handle, BlockIoOperation.Write, (ulong)(i * 8), 8, BlockBench.Sector(i & 0x7F, 8), cookie: i);
        }

        bench.Run(1);
        var early = bench.User.All<BlockIoDone>().Count;
        Assert.InRange(early, 25, 399);
        bench.Run(1000);
        Assert.Equal(400, bench.User.All<BlockIoDone>().Count);
        bench.Read(handle, 0, 8);
        Assert.InRange(bench.State.Queues[0].Cache.Pages.Count, 1, 150);
        for (var i = 0u; i < 400; i += 13)
        {
            Assert.Equal((byte)(i & 0x7F), bench.Read(handle, i * 8, 1)[0]);
        }
    }

    [Fact]
    public void Sync_for_all_disks_is_answered_when_everything_is_durable()
    {
        var bench = new BlockBench();
        bench.Do(bench.Open("xvda1", BlockOpenFlags.None), BlockIoOperation.Write, 0, 8, BlockBench.Sector(3, 8));
        bench.User.Tell(bench.Layer, new BlockSyncAll(4));
        Assert.Equal(new BlockSynced(4, BlockErrno.None), bench.User.Last<BlockSynced>());
        Assert.Equal(3, bench.Disk.Image[8 * 512]);
    }
}
