using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Tests.Machine;

public sealed class DiskTests
{
    [Fact]
    public void A_disk_serves_so_many_at_once_and_the_others_wait()
    {
        var bench = new DiskBench();
        for (var i = 0; i < 9; i++)
        {
            bench.Read((ulong)(i * 10), 1, i);
        }

        // 5.12 us a sector on the channel.
        foreach (var (microseconds, done) in new[] { (100, 0), (106, 1), (121, 4), (205, 4), (227, 8), (330, 9) })
        {
            bench.Run(microseconds - (bench.Simulator.Now.Nanoseconds / 1000));
            Assert.Equal(done, bench.Asker.All<DiskDone>().Count);
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(i => (long)i), bench.Asker.All<DiskDone>().Select(d => d.Cookie));
    }

    [Fact]
    public void A_read_that_goes_on_where_the_last_ended_is_faster_and_bytes_take_their_time()
    {
        var bench = new DiskBench();
        bench.Read(10, 100, 1);
        bench.Run(611);
        Assert.Empty(bench.Asker.All<DiskDone>());
        bench.Run(2);
        bench.Read(110, 1, 2);
        bench.Run(56);
        Assert.Equal(2, bench.Asker.All<DiskDone>().Count);
    }

    [Fact]
    public void A_write_is_answered_from_the_cache_and_a_flush_brings_it_to_the_medium()
    {
        var bench = new DiskBench();
        bench.Write(3, DiskBench.Sectors(0xAA, 7));
        bench.Run(100);
        Assert.Equal(DiskStatus.Ok, bench.Asker.Last<DiskDone>().Status);
        Assert.Equal(3, bench.Medium(3, 1)[0]);
        Assert.Equal(DiskBench.Sectors(0xAA, 7), bench.Seen(3, 7));
        Assert.Equal([2, 0xAA, 0xAA, 10], new[] { 0, 512, 7 * 512, 8 * 512 }.Select(i => (int)bench.Seen(2, 9)[i]));
        bench.Flush();
        bench.Run(10);
        Assert.Equal(DiskBench.Sectors(0xAA, 7), bench.Medium(3, 7));
        Assert.Equal(1, bench.Volumes.Flushes);
    }

    [Fact]
    public void What_was_flushed_or_written_with_fua_survives_a_power_loss_and_of_the_rest_each_sector_is_old_or_new()
    {
        var (kept, lost, torn) = (0, 0, 0);
        for (var seed = 1ul; seed <= 40; seed++)
        {
            var bench = new DiskBench(seed: seed);
            bench.Write(0, DiskBench.Sectors(0xF1, 4));
            bench.Flush();
            bench.Write(8, DiskBench.Sectors(0xF2, 4), fua: true);
            bench.Write(40, DiskBench.Sectors(0xF3, 12));
            bench.Run(100);
            bench.CutPower();
            bench.Run(100);
            Assert.Equal(DiskBench.Sectors(0xF1, 4), bench.Medium(0, 4));
            Assert.Equal(DiskBench.Sectors(0xF2, 4), bench.Medium(8, 4));
            var fresh = 0;
            for (var i = 0ul; i < 12; i++)
            {
                var sector = bench.Medium(40 + i, 1);
                Assert.True(sector.All(b => b == 0xF3) || sector.All(b => b == 40 + (byte)i), "half a sector");
                fresh += sector[0] == 0xF3 ? 1 : 0;
            }

            Assert.Equal(12 - fresh, bench.State.SectorsLost);
            (kept, lost, torn) = (kept + (fresh == 12 ? 1 : 0), lost + (fresh == 0 ? 1 : 0), torn + (fresh is > 0 and < 12 ? 1 : 0));
            Assert.Equal([4, 5, 6, 7], new[] { 4, 5, 6, 7 }.Select(i => (int)bench.Medium((ulong)i, 1)[0]));
        }

        // All of it happens, most often a part.
        Assert.True(kept > 0 && lost > 0 && torn > 10, $"{kept} {lost} {torn}");
    }

    [Fact]
    public void A_disk_without_a_volatile_cache_loses_nothing()
    {
        var bench = new DiskBench(DiskBench.Profile() with { WriteCache = 0 });
        bench.Write(40, DiskBench.Sectors(0xF3, 12));
        bench.Run(100);
        bench.CutPower();
        bench.Run(1);
        Assert.Equal(DiskBench.Sectors(0xF3, 12), bench.Medium(40, 12));
        Assert.Equal(0, bench.State.SectorsLost);
    }

    [Fact]
    public void After_a_power_loss_nothing_is_answered()
    {
        var bench = new DiskBench();
        bench.CutPower();
        bench.Run(1);
        bench.Write(40, DiskBench.Sectors(1, 1));
        bench.Flush();
        bench.Read(0, 1, 5);
        bench.Run(100_000);
        Assert.Empty(bench.Asker.All<DiskDone>());
        Assert.Equal(40, bench.Medium(40, 1)[0]);
    }

    [Fact]
    public void A_full_cache_gives_way_at_the_mediums_pace_oldest_first()
    {
        var bench = new DiskBench();
        for (var i = 0; i < 16; i++)
        {
            bench.Write((ulong)(((i * 5) % 16) * 8), DiskBench.Sectors((byte)(0xA0 + i), 8), cookie: i);
        }

        bench.Run(1);
        Assert.Equal(8, bench.State.Units[2].Cache.Blocks.Count);
        Assert.Equal([0xA0, 0xA7], new[] { 0, 35 % 16 * 8 }.Select(s => (int)bench.Medium((ulong)s, 1)[0]));
        Assert.Equal(64, bench.Medium(40 % 16 * 8, 1)[0]);
        bench.Run(2_000_000);
        Assert.Empty(bench.State.Units[2].Cache.Blocks);
        Assert.Equal(0xAF, bench.Medium(75 % 16 * 8, 1)[0]);
        Assert.All(bench.Asker.All<DiskDone>(), d => Assert.True(d.Ok));
    }

    [Fact]
    public void A_discard_takes_what_lies_in_the_cache_with_it()
    {
        var bench = new DiskBench();
        bench.Write(16, DiskBench.Sectors(0xAA, 16));
        bench.Discard(20, 8);
        bench.Flush();
        bench.Run(10_000);
        Assert.Equal([0xAA, 0, 0, 0xAA], new[] { 19, 20, 27, 28 }.Select(s => (int)bench.Medium((ulong)s, 1)[0]));
    }

    [Fact]
    public void Writes_behind_the_end_and_to_what_may_only_be_read_fail_at_once()
    {
        var bench = new DiskBench();
        bench.Write(127, DiskBench.Sectors(1, 2));
        bench.Asker.Say(bench.Actor, new DiskWrite(new VolumeId(1), 0, DiskBench.Sectors(1, 1), false, 2));
        bench.Asker.Say(bench.Actor, new DiskWrite(new VolumeId(2), ulong.MaxValue, DiskBench.Sectors(1, 1), false, 3));
        bench.Asker.Say(bench.Actor, new DiskDiscard(new VolumeId(2), 100, ulong.MaxValue, false, 4));
        bench.Run(1000);
        Assert.Equal(4, bench.Asker.All<DiskDone>().Count(d => d.Status == DiskStatus.IoError));
        Assert.Empty(bench.State.Units[2].Cache.Blocks);
    }

    [Fact]
    public void Random_writes_flushes_and_discards_read_back_as_they_were_said()
    {
        var random = new RandomStream(7, "disk");
        var bench = new DiskBench(DiskBench.Profile() with { WriteCache = 16 << 10 });
        var expected = bench.Volumes.Images["/disk"].ToArray();
        for (var step = 0; step < 2000; step++)
        {
            var sector = (ulong)random.Next(128);
            var count = (int)random.NextBetween(1, Math.Min(20, 128 - (long)sector));
            switch (random.Next(10))
            {
                case < 6:
                    var data = DiskBench.Sectors((byte)random.Next(256), count);
                    bench.Write(sector, data, fua: random.Next(8) == 0);
                    data.CopyTo(expected, (int)sector * 512);
                    break;
                case 6:
                    bench.Discard(sector, (ulong)count);
                    expected.AsSpan((int)sector * 512, count * 512).Clear();
                    break;
                case 7:
                    bench.Flush();
                    break;
                default:
                    var seen = bench.Seen(sector, (uint)count);
                    var want = expected[((int)sector * 512)..(((int)sector + count) * 512)];
                    Assert.True(want.AsSpan().SequenceEqual(seen), $"step {step}: sectors {sector} +{count}: {string.Join(' ', Enumerable.Range(0, count).Select(i => want[i * 512]))} and not {string.Join(' ', Enumerable.Range(0, seen.Length / 512).Select(i => seen[i * 512]))}");
                    break;
            }
        }

        bench.Flush();
        bench.Run(10_000);
        Assert.Equal(expected, bench.Volumes.Images["/disk"]);
    }
}
