using XenActors.DeviceModel.Ide;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>Bus-master transfers: every register's value on the way, as QEMU returns it.</summary>
public sealed class IdeDmaTests
{
    private const int Master = IdeRig.BusMaster;
    private readonly IdeRig rig = new();

    [Fact]
    public void A_read_shows_each_register_as_QEMU_does()
    {
        rig.AtOnce = false;
        rig.Table(0x1000, true, (0x20000, 1024));
        rig.Out(Master, 0x08);
        rig.Command(0xC8, lba: 5, count: 2);
        Assert.Equal((0x58, 0x00), (rig.In(0x3F6), rig.In(Master + 2))); // DRQ, and the engine not started
        rig.Out(Master, 0x09);
        Assert.Equal((0x58, 0x01, 0x09), (rig.In(0x3F6), rig.In(Master + 2), rig.In(Master)));
        rig.Finish(); // the table
        rig.Finish(); // the disk
        Assert.Equal([(0, true)], rig.Edges);
        Assert.Equal((0x50, 0x04), (rig.In(0x3F6), rig.In(Master + 2)));
        rig.Out(Master, 0x08);
        Assert.Equal(0x50, rig.In(0x1F7));
        Assert.Equal((0, false), rig.Edges[^1]); // reading the status lowers the line
        rig.Out(Master + 2, 0x04);
        Assert.Equal(0x00, rig.In(Master + 2));
        Assert.Equal(IdeRig.Sectors(5, 2), rig.Peek(0x20000, 1024));
        Assert.Equal((0, 7, 0, 0, 0xE0), (rig.In(0x1F2), rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F5), rig.In(0x1F6)));
    }

    [Fact]
    public void A_48_bit_write_takes_its_data_from_several_regions()
    {
        var data = IdeRig.Sectors(900, 3);
        rig.Memory.Write(0x30000, data.AsSpan(0, 1000));
        rig.Memory.Write(0x50000, data.AsSpan(1000));
        rig.Table(0x2000, true, (0x30000, 1000), (0x50000, 536));
        rig.Out(Master, 0x00);
        rig.Command(0x35, lba: 70000, count: 3, lba48: true);
        rig.Out(Master, 0x01);
        Assert.Equal(data, (byte[])[.. rig.Written[70000], .. rig.Written[70001], .. rig.Written[70002]]);
        Assert.Equal((0x50, 0x04), (rig.In(0x1F7), rig.In(Master + 2)));
    }

    [Fact]
    public void A_large_transfer_goes_to_the_disk_in_parts_of_128_KiB()
    {
        rig.Table(0x1000, true, [.. Enumerable.Range(1, 5).Select(i => ((uint)i << 16, 0u))]);
        rig.Command(0x25, lba: 64, count: 640, lba48: true);
        rig.Out(Master, 0x09);
        Assert.Equal([256u, 256u, 128u], rig.Works.Where(w => w.Kind == IdeWorkKind.ReadDisk).Select(w => w.Count));
        Assert.Equal(IdeRig.Sectors(64, 640), rig.Peek(0x10000, 640 * 512));
    }

    [Fact]
    public void A_table_that_is_too_short_ends_without_an_interrupt()
    {
        rig.Table(0x1000, true, (0x20000, 512));
        rig.Command(0xC8, count: 2);
        rig.Out(Master, 0x09);
        Assert.Empty(rig.Edges);
        Assert.Equal((0x50, 0x00), (rig.In(0x1F7), rig.In(Master + 2)));
        Assert.DoesNotContain(rig.Works, w => w.Kind == IdeWorkKind.ReadDisk);
    }

    [Fact]
    public void A_table_that_is_too_long_leaves_the_engine_active()
    {
        rig.Table(0x1000, true, (0x20000, 2048), (0x30000, 512));
        rig.Command(0xC8, count: 2);
        rig.Out(Master, 0x09);
        Assert.Equal((0x50, 0x05), (rig.In(0x1F7), rig.In(Master + 2)));
        Assert.Equal(IdeRig.Sectors(0, 2), rig.Peek(0x20000, 1024));
        Assert.All(rig.Peek(0x20000 + 1024, 1024), b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_table_without_an_end_is_followed_for_one_page()
    {
        rig.Table(0x1000, false, [.. Enumerable.Repeat((0x20000u, 512u), 600)]);
        rig.Command(0x25, count: 513, lba48: true);
        rig.Out(Master, 0x09);
        Assert.Equal((0x50, 0x00), (rig.In(0x1F7), rig.In(Master + 2))); // 512 entries hold no 513 sectors
        rig.Command(0x25, count: 512, lba48: true);
        rig.Out(Master, 0x00);
        rig.Out(Master, 0x09);
        Assert.Equal((0x50, 0x04), (rig.In(0x1F7), rig.In(Master + 2)));
    }

    [Fact]
    public void Beyond_the_disks_end_the_command_is_aborted()
    {
        rig.Table(0x1000, true, (0x20000, 1024));
        rig.Command(0xC8, lba: IdeRig.DiskSectors - 1, count: 2);
        rig.Out(Master, 0x09);
        Assert.Equal((0x04, 0x04, 0x41), (rig.In(Master + 2), rig.In(0x1F1), rig.In(0x1F7)));
        Assert.Contains((0, true), rig.Edges);
    }

    [Fact]
    public void A_disk_that_fails_aborts()
    {
        rig.AtOnce = false;
        rig.Table(0x1000, true, (0x20000, 512));
        rig.Command(0xC8, count: 1);
        rig.Out(Master, 0x09);
        rig.Finish();
        rig.Fails = true;
        rig.Finish();
        Assert.Equal((0x41, 0x04, 0x04), (rig.In(0x1F7), rig.In(0x1F1), rig.In(Master + 2)));
    }

    [Fact]
    public void Stopping_in_the_middle_waits_for_the_end()
    {
        rig.AtOnce = false;
        rig.Table(0x1000, true, (0x20000, 512));
        rig.Command(0xC8, count: 1);
        rig.Out(Master, 0x09);
        rig.Finish();
        rig.Out(Master, 0x08);
        Assert.True(rig.Ide.Primary.Draining);
        rig.Finish();
        Assert.False(rig.Ide.Primary.Draining);
        Assert.Equal((0x50, 0x04), (rig.In(0x3F6), rig.In(Master + 2)));
        Assert.Equal(IdeRig.Sectors(0, 1), rig.Peek(0x20000, 512));
    }

    [Fact]
    public void The_address_register_takes_bytes_words_and_dwords_and_drops_its_low_bits()
    {
        rig.Out(Master + 4, 0x12345677, 4);
        Assert.Equal(0x12345674u, rig.In(Master + 4, 4));
        rig.Out(Master + 6, 0xBEEF, 2);
        rig.Out(Master + 5, 0x11);
        Assert.Equal(0xBEEF1174u, rig.In(Master + 4, 4));
        Assert.Equal(0xEF11u, rig.In(Master + 5, 2));
        Assert.Equal((0xFFu, 0xFFFFu), (rig.In(Master + 1, 1), rig.In(Master, 2)));
    }

    [Fact]
    public void Trim_checks_its_ranges_and_passes_them_on_only_with_unmap()
    {
        foreach (var unmap in (bool[])[false, true])
        {
            var machine = new IdeRig(unmap: unmap);
            var ranges = new byte[512];
            BitConverter.GetBytes(100UL | (8UL << 48)).CopyTo(ranges, 0);
            BitConverter.GetBytes(300UL | (65535UL << 48)).CopyTo(ranges, 16);
            machine.Memory.Write(0x20000, ranges);
            machine.Table(0x1000, true, (0x20000, 512));
            machine.Command(0x06, count: 1, feature: 1, lba48: true);
            machine.Out(Master, 0x01);
            Assert.Equal((0x50, 0x04), (machine.In(0x1F7), machine.In(Master + 2)));
            Assert.Equal(
                unmap ? [(100UL, 8u), (300UL, 65535u)] : [],
                machine.Works.Where(w => w.Kind == IdeWorkKind.DiscardDisk).Select(w => (w.Sector, w.Count)));
        }
    }

    [Fact]
    public void Trim_beyond_the_end_aborts()
    {
        rig.Memory.Write(0x20000, BitConverter.GetBytes((IdeRig.DiskSectors - 1) | (2UL << 48)));
        rig.Table(0x1000, true, (0x20000, 512));
        rig.Command(0x06, count: 1, feature: 1, lba48: true);
        rig.Out(Master, 0x01);
        Assert.Equal((0x41, 0x04), (rig.In(0x1F7), rig.In(0x1F1)));
    }
}
