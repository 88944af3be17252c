using System.Buffers.Binary;
using XenActors.DeviceModel.Ide;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>A disk's commands through the task file: each with the register values that QEMU returns.</summary>
public sealed class IdeCommandTests
{
    private readonly IdeRig rig = new();

    private byte Status => rig.In(0x1F7);

    [Fact]
    public void After_power_on_the_registers_hold_the_signature()
    {
        Assert.Equal((0x50, 0x01, 0x01, 0x00, 0x00, 0xA0), (Status, rig.In(0x1F2), rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F5), rig.In(0x1F6)));
        Assert.Equal((0x14, 0xEB), (rig.In(0x174), rig.In(0x175)));
    }

    [Fact]
    public void A_slave_that_is_not_there_keeps_registers_and_says_nothing()
    {
        rig.Out(0x1F6, 0xB0);
        rig.Out(0x1F2, 0x55);
        Assert.Equal((0x55, 0x00, 0x00), (rig.In(0x1F2), rig.In(0x1F7), rig.In(0x1F1)));
        rig.Out(0x1F7, 0xEC);
        Assert.Empty(rig.Edges);
    }

    [Fact]
    public void A_channel_without_drives_reads_as_zeroes()
    {
        rig.Ide.Unplug(aux: false);
        rig.Out(0x1F2, 0x55);
        Assert.All(Enumerable.Range(0x1F1, 7), port => Assert.Equal(0, rig.In(port)));
        Assert.Equal((0xFF, 0u), (rig.In(0x1F0), rig.In(0x1F0, 2)));
    }

    [Fact]
    public void Identify_comes_by_PIO_with_one_interrupt()
    {
        rig.Command(0xEC);
        Assert.Equal([(0, true)], rig.Edges);
        Assert.Equal((0x58, 0x58), (rig.In(0x3F6), Status));
        Assert.Equal((0, false), rig.Edges[^1]);
        var data = rig.InWords(0x1F0, 256);
        Assert.Equal(0x50, Status);
        Assert.Equal(0u, rig.In(0x1F0, 2));
        (int Word, int Value)[] words =
        [
            (0, 0x0040), (1, 130), (3, 16), (4, 32256), (5, 512), (6, 63), (20, 3), (21, 512), (22, 4), (47, 0x8010), (48, 1), (49, 0x0B00), (51, 0x200),
            (53, 7), (54, 130), (57, 65504), (58, 1), (59, 0x0110), (60, 0), (61, 2), (62, 7), (63, 7), (64, 3), (65, 120), (68, 120), (69, 0x4000),
            (80, 0xF0), (81, 0x16), (82, 0x4021), (83, 0x7400), (84, 0x4000), (85, 0x4021), (86, 0x3400), (87, 0x4000), (88, 0x203F), (93, 0x6001),
            (100, 0), (101, 2), (102, 0), (106, 0x6000), (169, 1), (217, 0),
        ];
        Assert.All(words, w => Assert.Equal((w.Word, w.Value), (w.Word, BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(2 * w.Word)))));
    }

    [Fact]
    public void A_PIO_read_offers_a_sector_at_a_time()
    {
        rig.AtOnce = false;
        rig.Command(0x20, lba: 7, count: 2);
        Assert.Equal(0xD0, Status);
        rig.Finish();
        Assert.Equal((0x58, 1, 8), (Status, rig.In(0x1F2), rig.In(0x1F3)));
        Assert.Equal(IdeRig.Sector(7), rig.InWords(0x1F0, 256));
        Assert.Equal(0xD0, Status); // the next one is on its way
        rig.Finish();
        Assert.Equal(IdeRig.Sector(8), rig.InWords(0x1F0, 256));
        Assert.Equal((0x50, 0, 9), (Status, rig.In(0x1F2), rig.In(0x1F3)));
        Assert.Equal(2, rig.Edges.Count(e => e.Level));
    }

    [Fact]
    public void READ_MULTIPLE_offers_a_block_and_a_48_bit_one_its_address_in_HOB()
    {
        rig.Command(0x29, lba: 0x1FFF0, count: 16, lba48: true);
        Assert.Equal(IdeRig.Sectors(0x1FFF0, 16), rig.InWords(0x1F0, 2048).Concat(rig.InWords(0x1F0, 2048)));
        rig.Out(0x3F6, 0x80);
        Assert.Equal((0x00, 0x00), (rig.In(0x1F3), rig.In(0x1F4))); // bits 24 to 31, 32 to 39
        rig.Out(0x3F6, 0x00);
        Assert.Equal((0x00, 0x00, 0x02), (rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F5)));
        rig.Command(0xC6, count: 0);
        rig.Command(0xC4, count: 1);
        Assert.Equal((0x41, 0x04), (Status, rig.In(0x1F1)));
    }

    [Theory]
    [InlineData(1, 0x50)]
    [InlineData(16, 0x50)]
    [InlineData(0, 0x50)]
    [InlineData(3, 0x41)]
    [InlineData(32, 0x41)]
    public void SET_MULTIPLE_takes_powers_of_two_up_to_16(int count, int status)
    {
        rig.Command(0xC6, count: count);
        Assert.Equal(status, Status);
    }

    [Fact]
    public void A_PIO_write_asks_for_data_at_once_and_interrupts_after_each_block()
    {
        rig.Command(0x30, lba: 40, count: 2);
        Assert.Equal((0x58, 0), (rig.In(0x3F6), rig.Edges.Count));
        rig.OutWords(0x1F0, IdeRig.Sector(1));
        Assert.Equal((0x58, true), (rig.In(0x3F6), rig.Edges[^1].Level));
        rig.OutWords(0x1F0, IdeRig.Sector(2));
        Assert.Equal((0x50, 0, 42), (Status, rig.In(0x1F2), rig.In(0x1F3)));
        Assert.Equal([40UL, 41UL], rig.Written.Keys);
        Assert.Equal(IdeRig.Sector(2), rig.Written[41]);
    }

    [Fact]
    public void Cylinders_heads_and_sectors_name_the_same_sectors()
    {
        rig.Out(0x1F2, 1);
        rig.Out(0x1F3, 5); // sector 5 of head 2 of cylinder 3
        rig.Out(0x1F4, 3);
        rig.Out(0x1F5, 0);
        rig.Out(0x1F6, 0xA2);
        rig.Out(0x1F7, 0x20);
        Assert.Equal(IdeRig.Sector((3 * 16 * 63) + (2 * 63) + 4), rig.InWords(0x1F0, 256));
        Assert.Equal((6, 3, 0xA2), (rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F6)));
    }

    [Fact]
    public void Flush_waits_for_the_disk()
    {
        rig.AtOnce = false;
        rig.Command(0xEA);
        Assert.Equal(0xC0, Status);
        Assert.Equal(IdeWorkKind.FlushDisk, rig.Works[^1].Kind);
        rig.Finish();
        Assert.Equal((0x50, true), (Status, rig.Edges[0].Level));
    }

    [Fact]
    public void Without_its_cache_each_write_is_durable_and_identify_says_so()
    {
        rig.Command(0xEC);
        rig.InWords(0x1F0, 256);
        rig.Command(0xEF, feature: 0x82);
        Assert.Equal((0x50, IdeWorkKind.FlushDisk), (Status, rig.Works[^1].Kind));
        rig.Command(0x30, count: 1);
        rig.OutWords(0x1F0, IdeRig.Sector(0));
        Assert.True(rig.Works[^1].Fua);
        rig.Command(0xEC);
        Assert.Equal(0x4001, BinaryPrimitives.ReadUInt16LittleEndian(rig.InWords(0x1F0, 256).AsSpan(170)));
    }

    [Theory]
    [InlineData(0x22, 0x0407, 0x003F, 0x50)]
    [InlineData(0x45, 0x0007, 0x203F, 0x50)]
    [InlineData(0x0C, 0x0007, 0x003F, 0x50)]
    [InlineData(0x80, 0x0007, 0x203F, 0x41)]
    public void SET_FEATURES_chooses_the_transfer_mode(int mode, int multiWord, int ultra, int status)
    {
        rig.Command(0xEC);
        rig.InWords(0x1F0, 256);
        rig.Command(0xEF, count: mode, feature: 3);
        Assert.Equal(status, Status);
        rig.Command(0xEC);
        var data = rig.InWords(0x1F0, 256);
        Assert.Equal(
            (multiWord, ultra), (BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(126)), BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(176))));
    }

    [Fact]
    public void READ_NATIVE_MAX_names_the_last_sector()
    {
        rig.Command(0xF8);
        Assert.Equal((0x50, 0xFF, 0xFF, 0x01, 0xE0), (Status, rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F5), rig.In(0x1F6)));
        var large = new IdeRig(0x1_2345_6789);
        large.Command(0x27, lba48: true);
        large.Out(0x3F6, 0x80);
        Assert.Equal((0x23, 0x01, 0x00), (large.In(0x1F3), large.In(0x1F4), large.In(0x1F5)));
        large.Out(0x3F6, 0x00);
        Assert.Equal((0x88, 0x67, 0x45), (large.In(0x1F3), large.In(0x1F4), large.In(0x1F5)));
    }

    [Fact]
    public void SMART_needs_its_key_and_says_healthy()
    {
        rig.Command(0xB0, lba: 0xC24F00, feature: 0xDA);
        Assert.Equal((0x50, 0x4F, 0xC2), (Status, rig.In(0x1F4), rig.In(0x1F5)));
        rig.Command(0xB0, lba: 0xC24F00, feature: 0xD0);
        var page = rig.InWords(0x1F0, 256);
        Assert.Equal((1, 1, 0), (page[0], page[2], page.Sum(b => b) & 0xFF));
        rig.Command(0xB0, lba: 0, feature: 0xDA);
        Assert.Equal((0x41, 0x04), (Status, rig.In(0x1F1)));
        rig.Command(0xB0, lba: 0xC24F00, feature: 0xD9);
        rig.Command(0xB0, lba: 0xC24F00, feature: 0xDA);
        Assert.Equal(0x41, Status);
    }

    [Theory]
    [InlineData(0x10, 0x50)] // RECALIBRATE
    [InlineData(0x40, 0x50)] // READ VERIFY
    [InlineData(0x70, 0x50)] // SEEK
    [InlineData(0x91, 0x50)] // INITIALIZE DEVICE PARAMETERS
    [InlineData(0xE0, 0x40)] // STANDBY IMMEDIATE
    [InlineData(0xE1, 0x40)] // IDLE IMMEDIATE
    [InlineData(0xE2, 0x40)] // STANDBY
    [InlineData(0xE3, 0x40)] // IDLE
    [InlineData(0xE6, 0x40)] // SLEEP
    [InlineData(0xF5, 0x50)] // SECURITY FREEZE LOCK
    public void Commands_without_data_end_with_an_interrupt(int command, int status)
    {
        rig.Command((byte)command, count: 1);
        Assert.Equal([(0, true)], rig.Edges);
        Assert.Equal((status, 0), (Status, rig.In(0x1F1)));
    }

    [Theory]
    [InlineData(0x00)] // NOP
    [InlineData(0x08)] // DEVICE RESET, for packet devices
    [InlineData(0x3D)] // WRITE DMA FUA EXT
    [InlineData(0xA0)]
    [InlineData(0xA1)]
    [InlineData(0xF1)] // SECURITY SET PASSWORD
    [InlineData(0xFF)]
    public void What_a_disk_does_not_have_is_aborted(int command)
    {
        rig.Command((byte)command);
        Assert.Equal([(0, true)], rig.Edges);
        Assert.Equal((0x41, 0x04), (Status, rig.In(0x1F1)));
    }

    [Fact]
    public void CHECK_POWER_MODE_says_active()
    {
        rig.Command(0xE5);
        Assert.Equal((0x50, 0xFF), (Status, rig.In(0x1F2)));
    }

    [Fact]
    public void A_diagnostic_leaves_the_signature_and_a_one_in_the_error_register()
    {
        rig.Command(0x90, lba: 0x123456, count: 9);
        Assert.Equal((0x50, 0x01, 1, 1, 0, 0), (Status, rig.In(0x1F1), rig.In(0x1F2), rig.In(0x1F3), rig.In(0x1F4), rig.In(0x1F5)));
    }

    [Fact]
    public void SRST_ends_what_was_under_way_and_brings_the_signature()
    {
        rig.AtOnce = false;
        rig.Command(0x20, lba: 7, count: 2);
        rig.Out(0x3F6, 0x04);
        rig.Out(0x3F6, 0x00);
        Assert.Null(rig.Ide.Primary.Work);
        Assert.Equal((0x50, 0x01, 1, 1, 0xA0), (Status, rig.In(0x1F1), rig.In(0x1F2), rig.In(0x1F3), rig.In(0x1F6)));
        Assert.Equal(0x00, new IdeRigReset().CdStatus);
    }

    [Fact]
    public void SRST_waits_for_a_transfer_of_the_bus_master()
    {
        rig.AtOnce = false;
        rig.Table(0x1000, true, (0x20000, 512));
        rig.Command(0xC8, count: 1);
        rig.Out(IdeRig.BusMaster, 0x09);
        rig.Finish();
        rig.Out(0x3F6, 0x04);
        Assert.True(rig.Ide.Primary.Draining);
        rig.Finish();
        Assert.Equal((false, 0x50, 0x01), (rig.Ide.Primary.Draining, Status, rig.In(0x1F1)));
        Assert.Equal(IdeRig.Sector(0), rig.Peek(0x20000, 512));
    }

    [Fact]
    public void With_nIEN_no_interrupt_comes()
    {
        rig.Out(0x3F6, 0x02);
        rig.Command(0xEC);
        Assert.Empty(rig.Edges);
        Assert.Equal(0x00, rig.In(IdeRig.BusMaster + 2));
    }

    [Fact]
    public void A_busy_drive_hears_nothing_but_a_reset()
    {
        rig.AtOnce = false;
        rig.Command(0x20, lba: 7, count: 1);
        rig.Command(0xEC, lba: 99);
        Assert.Single(rig.Works);
        rig.Finish();
        Assert.Equal((0x58, 8), (Status, rig.In(0x1F3)));
    }

    [Fact]
    public void HOB_shows_what_was_written_before_until_the_next_write()
    {
        rig.Out(0x1F3, 0x12);
        rig.Out(0x1F3, 0x34);
        rig.Out(0x3F6, 0x80);
        Assert.Equal(0x12, rig.In(0x1F3));
        rig.Out(0x1F2, 0);
        Assert.Equal(0x34, rig.In(0x1F3));
    }

    [Fact]
    public void Wide_accesses_reach_two_registers_or_none()
    {
        rig.Out(0x1F2, 0x3412, 2);
        Assert.Equal(0x3412u, rig.In(0x1F2, 2));
        rig.Out(0x1F2, 0, 4);
        Assert.Equal((0xFFFFFFFFu, 0x3412u), (rig.In(0x1F2, 4), rig.In(0x1F2, 2)));
        Assert.Equal((0xFF50u, 0xFF50u), (rig.In(0x3F6, 2), rig.In(0x1F7, 2)));
    }

    [Fact]
    public void Unplugging_resets_the_controller_and_leaves_CD_drives()
    {
        rig.Out(IdeRig.BusMaster + 4, 0x1000, 4);
        Assert.True(rig.Ide.Unplug(aux: false));
        Assert.False(rig.Ide.Unplug(aux: false));
        Assert.Equal((0, 0, 0x50, 0u), (rig.Ide.BusMaster, rig.In(0x1F7), rig.In(0x177), rig.Ide.Primary.BusMaster.Address));
    }

    private sealed class IdeRigReset
    {
        private readonly IdeRig rig = new();

        // A packet device shows a clear status after a reset.
        public byte CdStatus
        {
            get
            {
                rig.Out(0x376, 0x04);
                rig.Out(0x376, 0x00);
                return rig.In(0x177);
            }
        }
    }
}
