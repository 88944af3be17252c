using System.Buffers.Binary;
using XenActors.Guest.Block;

namespace XenActors.Tests.Guest;

public sealed class PartitionTableTests
{
    private const ulong DiskSectors = 100_000;

    [Fact]
    public void Follows_a_chain_of_logical_partitions()
    {
        var scan = Scan(new()
        {
            [0] = Mbr.Sector((0x83, 2048, 1000), (0x05, 10_000, 50_000)),
            [10_000] = Mbr.Sector((0x83, 100, 900), (0x05, 2000, 1000)),
            [12_000] = Mbr.Sector((0x82, 50, 500)),
        });
        Assert.Equal(" xvda1 xvda2 < xvda5 xvda6 >", scan.Text);
        Assert.Equal([new(1, 2048, 1000), new(2, 10_000, 2), new(5, 10_100, 900), new(6, 12_050, 500)], scan.Partitions);
    }

    [Theory]
    [InlineData("debian12-6.1", 18, " 259        0         25 xvda16", " 259        2         25 xvda18")]
    [InlineData("unmodified-2.6.18", 15, " 202       14         25 xvda14", " 202       15         25 xvda15")]
    public void Numbers_partitions_beyond_the_disks_minors(string kernel, int last, string one, string other)
    {
        // An extended partition with the logical ones 5 to 18.
        var bench = GuestBench.Of(kernel);
        bench.CommandLine += kernel.StartsWith("unmodified", StringComparison.Ordinal) ? " dev_unplug=all" : "";
        bench.Disk = new() { [0] = Mbr.Sector((0x05, 1000, 50_000)) };
        for (var i = 0u; i < 14; i++)
        {
            var own = (Type: (byte)0x83, Start: 10u, Size: 50u);
            bench.Disk[1000 + (i * 100)] = i < 13 ? Mbr.Sector(own, (0x05, (i + 1) * 100, 100)) : Mbr.Sector(own);
        }

        var lines = bench.Boot().ProcPartitions.Where(l => l.Contains("xvda", StringComparison.Ordinal)).ToList();
        Assert.Contains(one, lines);
        Assert.Equal(other, lines[^1]);
        Assert.EndsWith($"xvda{last}", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_in_a_chain_that_goes_round()
    {
        var scan = Scan(new() { [0] = Mbr.Sector((0x05, 10, 1000)), [10] = Mbr.Sector((0x83, 5, 5), (0x05, 0, 1000)) });
        Assert.Equal(101, scan.Partitions.Count);
    }

    [Fact]
    public void Cuts_a_partition_that_ends_behind_the_disk_in_linuxs_words()
    {
        var scan = Scan(new() { [0] = Mbr.Sector((0x83, 2048, 99_000), (0x83, 200_000, 5)) });
        Assert.Equal([" p1 size 99000 extends beyond EOD, truncated", " p2 start 200000 is beyond EOD, truncated"], scan.Warnings);
        Assert.Equal([new(1, 2048, DiskSectors - 2048)], scan.Partitions);
    }

    [Fact]
    public void Reads_a_gpt_behind_its_protective_entry()
    {
        var header = new byte[512];
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(72), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(80), 128);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(84), 128);
        var sectors = new SortedDictionary<ulong, byte[]> { [0] = Mbr.Sector((0xEE, 1, 99_999)), [1] = header };
        for (var i = 2UL; i < 34; i++)
        {
            sectors[i] = new byte[512];
        }

        sectors[2][0] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(sectors[2].AsSpan(32), 2048);
        BinaryPrimitives.WriteUInt64LittleEndian(sectors[2].AsSpan(40), 4095);
        var scan = Scan(sectors);
        Assert.Equal([new(1, 2048, 2048)], scan.Partitions);
        Assert.Equal(" xvda1", scan.Text);
    }

    [Fact]
    public void Survives_any_bytes_that_a_disk_may_hold()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var sectors = new SortedDictionary<ulong, byte[]>();
            PartitionScan scan;
            var reads = 0;
            while ((scan = PartitionTable.Scan(sectors, DiskSectors, n => "xvda" + n)).Wanted is { } wanted && reads++ < 400)
            {
                var sector = new byte[512];
                random.NextBytes(sector);
                (sector[510], sector[511]) = (0x55, 0xAA);
                sector[450] = (byte)(round % 3 == 0 ? 0xEE : 5);
                if (round % 2 == 0)
                {
                    "EFI PART"u8.CopyTo(sector);
                    BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(24), wanted);
                    BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(84), 128);
                }

                sectors[wanted] = sector;
            }

            Assert.All(scan.Partitions, p => Assert.True(p.Start + p.Sectors <= DiskSectors));
        }
    }

    [Fact]
    public void Says_that_a_table_cannot_be_read() =>
        Assert.Equal(" unable to read partition table", Scan(new() { [0] = [] }).Text);

    private static PartitionScan Scan(SortedDictionary<ulong, byte[]> sectors)
    {
        var scan = PartitionTable.Scan(sectors, DiskSectors, n => "xvda" + n);
        Assert.Null(scan.Wanted);
        return scan;
    }
}
