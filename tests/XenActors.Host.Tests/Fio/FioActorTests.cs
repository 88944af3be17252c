using XenActors.Guest.Block;
using XenActors.Tests.Guest.Block;

namespace XenActors.Tests.Fio;

public sealed class FioActorTests
{
    [Fact]
    public void A_random_job_hits_every_block_once_with_its_depth_out()
    {
        var bench = new BlockBench();
        var state = FioBench.Run("rw = randread, bs = 4k, iodepth = 16, direct = 1", bench);
        Assert.Equal((512L, 2L << 20), (state.Reads.Ios, state.Reads.Bytes));
        Assert.Equal(Enumerable.Range(0, 512).Select(i => (ulong)i * 8), bench.Heard.SelectMany(r => Enumerable.Range(0, (int)r.Count / 8).Select(i => r.Sector + ((ulong)i * 8))).Order());
        Assert.NotEqual(0UL, bench.Heard[0].Sector);
        Assert.True(state.Depths[4] > 490, string.Join(' ', state.Depths));
        Assert.Equal(4, bench.Disk.OutMax);
    }

    [Fact]
    public void Latencies_are_those_of_the_disk()
    {
        // 100 us each, one at a time, and 1 us for sending.
        var state = FioBench.Run("rw = read, bs = 4k, iodepth = 1, direct = 1, number_ios = 50");
        Assert.Equal(50, state.Reads.Ios);
        Assert.Equal((101_000L, 101_000L), (state.Reads.Total.Min, state.Reads.Total.Max));
        Assert.Equal(100_000, state.Reads.Completion.Mean);
        Assert.InRange(state.Reads.Total.Percentile(99), 99_500, 101_000);
        Assert.Equal(50 * 101_000, (state.Ended - state.Started).Nanoseconds);
    }

    [Fact]
    public void Runtime_ends_a_job_and_time_based_goes_round()
    {
        var state = FioBench.Run("rw = read, bs = 64k, size = 256k, iodepth = 1, direct = 1, runtime = 50ms, time_based = 1");
        Assert.InRange(state.Reads.Ios, 230, 500);
        Assert.InRange((state.Ended - state.Started).Nanoseconds, 50_000_000, 51_000_000);
        Assert.Equal(4, FioBench.Run("rw = read, bs = 64k, size = 256k, iodepth = 1, direct = 1, runtime = 50ms").Reads.Ios);
    }

    [Fact]
    public void A_mix_reads_and_writes_by_its_share_and_syncs_as_often_as_it_says()
    {
        var bench = new BlockBench();
        var state = FioBench.Run("rw = randrw, rwmixread = 70, bssplit = \"4k/50:16k/50\", iodepth = 4, direct = 1, number_ios = 120, fsync = 10, end_fsync = 1", bench);
        Assert.InRange(state.Reads.Ios, 70, 98);
        Assert.Equal(120, state.Reads.Ios + state.Writes.Ios);
        Assert.Equal((state.Writes.Ios / 10) + 1, state.Syncs.Count);
        Assert.Equal(state.Syncs.Count, bench.Heard.Count(r => r.Operation == BlockOperation.Flush));
        Assert.InRange(state.Writes.Bytes / state.Writes.Ios, 7000, 13000);
    }

    [Fact]
    public void A_disks_error_ends_the_job_with_it()
    {
        var bench = new BlockBench();
        bench.Disk.BadSector = 100;
        var state = FioBench.Run("rw = read, bs = 4k, direct = 1", bench);
        Assert.Equal((BlockErrno.EIO, 12L), (state.Error, state.Reads.Ios));
        Assert.Equal(BlockErrno.EINVAL, FioBench.Run("rw = read, bs = 4k, offset = 1m, size = 2m").Error);
    }

    [Theory]
    [InlineData("rw = write, bs = 8k, iodepth = 1, direct = 1")]
    [InlineData("rw = randwrite, bs = 8k, iodepth = 8, direct = 1, norandommap = 1")]
    [InlineData("rw = randrw, bsrange = 1k-16k, iodepth = 8, direct = 1, number_ios = 2000")]
    [InlineData("rw = randrw, bsrange = 512-16k, iodepth = 8, direct = 0, number_ios = 2000, fsync = 50")]
    public void A_verifying_job_finds_nothing_wrong_with_an_honest_disk(string job)
    {
        var state = FioBench.Run(job + ", verify = stamp");
        Assert.True(state.Findings.Bad == 0, string.Join('\n', state.Findings.Words));
        Assert.True(state.Findings.Checked > 300, $"{state.Findings.Checked}");
    }

    [Theory]
    [InlineData(DiskLie.Lose, "lost 16, torn 0, stale 0, misplaced 0")]
    [InlineData(DiskLie.Tear, "lost 0, torn 8, stale 0, misplaced 0")]
    [InlineData(DiskLie.Misplace, "lost 8, torn 0, stale 0, misplaced 8")]
    [InlineData(DiskLie.ReadOld, "lost 0, torn 0, stale 16, misplaced 0")]
    public void Lost_torn_stale_and_misplaced_writes_are_told_apart(DiskLie lie, string expected)
    {
        var bench = new BlockBench();
        (bench.Disk.Lie, bench.Disk.LieSector) = (lie, 160);
        var findings = FioBench.Run("rw = write, bs = 8k, direct = 1, size = 1m, verify = stamp", bench).Findings;
        Assert.Equal(expected, $"lost {findings.Lost}, torn {findings.Torn}, stale {findings.Stale}, misplaced {findings.Misplaced}");
        Assert.Equal(2048, findings.Checked);
    }

    [Fact]
    public void After_a_power_loss_only_what_was_synced_must_be_there()
    {
        var bench = new BlockBench();
        var ledger = FioBench.Run("rw = write, bs = 4k, direct = 1, number_ios = 25, fsync = 10, verify = stamp, do_verify = 0", bench).Ledger!;
        Assert.Equal([10L, 20L, 0L], new ulong[] { 9 * 8, (19 * 8) + 7, 20 * 8 }.Select(ledger.ExpectedAfterPowerLoss));
        Assert.Equal([25L, 0L], new ulong[] { 24 * 8, 25 * 8 }.Select(ledger.Expected));
    }
}
