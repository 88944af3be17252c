using System.Text;
using XenActors.DeviceModel.Ide;
using XenActors.Machine.Disks;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>A CD drive's packets: the registers around them, their bytes, and the sense of what fails.</summary>
public sealed class AtapiTests
{
    private readonly IdeRig rig = new();

    [Fact]
    public void IDENTIFY_is_aborted_with_the_signature_and_IDENTIFY_PACKET_answers()
    {
        rig.Command(0xEC, port: 0x170, device: 0xA0);
        Assert.Equal((0x41, 0x04, 0x14, 0xEB), (rig.In(0x177), rig.In(0x171), rig.In(0x174), rig.In(0x175)));
        rig.Command(0xA1, port: 0x170, device: 0xA0);
        var data = rig.InWords(0x170, 256);
        Assert.Equal((0xC0, 0x85, 0x00, 0x03), (data[0], data[1], data[98], data[99]));
        rig.Command(0x25, port: 0x170, device: 0xA0);
        Assert.Equal(0x41, rig.In(0x177));
    }

    [Fact]
    public void A_packet_shows_its_phases_in_status_and_interrupt_reason()
    {
        rig.Command(0xA0, lba: 0x000800, port: 0x170, device: 0xA0); // at most eight bytes at once
        Assert.Equal((0x58, 1, 0), (rig.In(0x177), rig.In(0x172), rig.Edges.Count)); // command, to the drive, no interrupt
        rig.OutWords(0x170, [0x12, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal([(1, true)], rig.Edges);
        foreach (var length in (int[])[8, 8, 4])
        {
            Assert.Equal((0x58, 2, length, 0), (rig.In(0x177), rig.In(0x172) & 7, rig.In(0x174), rig.In(0x175)));
            rig.InWords(0x170, (uint)length / 2);
        }

        Assert.Equal((0x50, 3), (rig.In(0x177), rig.In(0x172) & 7));
    }

    [Fact]
    public void A_byte_count_of_zero_aborts_what_brings_data()
    {
        rig.Command(0xA0, port: 0x170, device: 0xA0);
        rig.OutWords(0x170, [0x12, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal((0x41, 0x04, 0), (rig.In(0x177), rig.In(0x171), rig.Edges.Count));
    }

    [Fact]
    public void INQUIRY_and_its_pages_name_the_drive()
    {
        var reply = rig.Packet(0x12, 0, 0, 0, 36)!;
        Assert.Equal((0x05, 0x80, 0x21, 31, 36), (reply[0], reply[1], reply[3], reply[4], reply.Length));
        Assert.Equal("QEMU    QEMU DVD-ROM    2.5+", Encoding.ASCII.GetString(reply, 8, 28));
        Assert.Equal([0x05, 0x00, 0x00, 2, 0x00, 0x83], rig.Packet(0x12, 1, 0, 0, 36));
        Assert.Equal("QM00003", Encoding.ASCII.GetString(rig.Packet(0x12, 1, 0x83, 0, 255)!, 8, 20).TrimEnd());
        Assert.Null(rig.Packet(0x12, 1, 0x80, 0, 36));
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.InvalidFieldInPacket), rig.Sense());
    }

    [Fact]
    public void Capacity_is_the_last_block() => Assert.Equal([0, 0, 0, 181, 0, 0, 8, 0], rig.Packet(0x25)!);

    [Fact]
    public void READ_brings_blocks_by_PIO_and_by_DMA()
    {
        Assert.Equal(IdeRig.Sectors(8, 12), rig.Packet(0x28, 0, 0, 0, 0, 2, 0, 0, 3));
        rig.Out(IdeRig.BusMaster + 12, 0x3000, 4);
        rig.Memory.Write(0x3000, [0, 0, 2, 0, 0, 0x10, 0, 0x80]);
        rig.Command(0xA0, feature: 1, port: 0x170, device: 0xA0);
        rig.OutWords(0x170, [0xA8, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0]);
        Assert.Equal(0xD8, rig.In(0x376));
        rig.Out(IdeRig.BusMaster + 8, 0x09);
        Assert.Equal((0x50, 3, 0x04), (rig.In(0x177), rig.In(0x172) & 7, rig.In(IdeRig.BusMaster + 10)));
        Assert.Equal(IdeRig.Sectors(4, 8), rig.Peek(0x20000, 4096));
    }

    [Fact]
    public void READ_CD_frames_its_blocks()
    {
        var raw = rig.Packet(0xBE, 0, 0, 0, 0, 1, 0, 0, 1, 0xF8)!;
        Assert.Equal((2352, 0, 0xFF, 0, 0, 2, 1, 1), (raw.Length, raw[0], raw[1], raw[11], raw[12], raw[13], raw[14], raw[15]));
        Assert.Equal(IdeRig.Sectors(4, 4), raw.AsSpan(16, 2048).ToArray());
    }

    [Theory]
    [InlineData(0x28, 0, 0, 0, 182, 0, 1)] // beyond the end
    [InlineData(0x28, 0, 0, 0, 181, 0, 2)]
    [InlineData(0x28, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)]
    public void Beyond_the_end_a_block_is_out_of_range(int operation, int a, int b, int c, int d, int high, int low)
    {
        Assert.Null(rig.Packet((byte)operation, 0, (byte)a, (byte)b, (byte)c, (byte)d, 0, (byte)high, (byte)low));
        Assert.Equal((0x51, 0x50), (rig.In(0x177) | 0x10, rig.In(0x171)));
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.LogicalBlockOutOfRange), rig.Sense());
    }

    [Theory]
    [InlineData(0x1A)] // MODE SENSE (6)
    [InlineData(0x2A)] // WRITE (10)
    [InlineData(0xFF)]
    public void Unknown_operations_are_illegal(int operation)
    {
        Assert.Null(rig.Packet((byte)operation));
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.IllegalOpcode), rig.Sense());
    }

    [Fact]
    public void The_table_of_contents_has_one_data_track()
    {
        Assert.Equal([0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x16, 0xAA, 0, 0, 0, 0, 182], rig.Packet(0x43, 0, 0, 0, 0, 0, 0, 0, 255)!);
        Assert.Equal([0, 10, 1, 1, 0, 0x16, 0xAA, 0, 0, 0, 4, 32], rig.Packet(0x43, 2, 0, 0, 0, 0, 0xAA, 0, 255)!);
        Assert.Equal([0, 10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], rig.Packet(0x43, 0, 0, 0, 0, 0, 0, 0, 255, 0x40)!);
        Assert.Equal(48, rig.Packet(0x43, 0, 0, 0, 0, 0, 0, 0, 255, 0x80)!.Length);
        Assert.Null(rig.Packet(0x43, 0, 0, 0, 0, 0, 2, 0, 255));
    }

    [Fact]
    public void The_current_profile_follows_the_medium()
    {
        Assert.Equal([0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 3, 8, 0, 16, 0, 0, 0, 8, 1, 0], rig.Packet(0x46, 2, 0, 0, 0, 0, 0, 0, 20)!);
        var dvd = new IdeRig(cdSectors: 4 * 400_000);
        Assert.Equal([0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 3, 8, 0, 16, 1, 0, 0, 8, 0, 0], dvd.Packet(0x46, 2, 0, 0, 0, 0, 0, 0, 20)!);
        Assert.Equal([0, 18, 0, 0], dvd.Packet(0xAD, 0, 0, 0, 0, 0, 0, 0xFF, 0, 4)!);
        Assert.Null(rig.Packet(0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 4));
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.IncompatibleFormat), rig.Sense());
    }

    [Fact]
    public void Mode_pages_tell_of_errors_audio_and_capabilities()
    {
        Assert.Equal([0, 14, 0x70, 0, 0, 0, 0, 0, 1, 6, 0, 5, 0, 0, 0, 0], rig.Packet(0x5A, 0, 0x01, 0, 0, 0, 0, 0, 128)!);
        var page = rig.Packet(0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 128)!;
        Assert.Equal((30, 28, 0x2A, 20, 0x3B, 0x71, 0x60, 0x29, 0x02, 0xC0), (page.Length, page[1], page[8], page[9], page[10], page[12], page[13], page[14], page[16], page[17]));
        Assert.Null(rig.Packet(0x5A, 0, 0xEA, 0, 0, 0, 0, 0, 128));
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.SavingParametersNotSupported), rig.Sense());
        Assert.Null(rig.Packet(0x5A, 0, 0x6A, 0, 0, 0, 0, 0, 128));
    }

    [Fact]
    public void The_tray_opens_unless_it_is_locked()
    {
        Assert.NotNull(rig.Packet(0x1E, 0, 0, 0, 1));
        Assert.Equal(0x2B, rig.Packet(0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 128)![14]);
        Assert.Null(rig.Packet(0x1B, 0, 0, 0, 2));
        Assert.Equal((AtapiSense.NotReady, AtapiSense.MediaRemovalPrevented), rig.Sense());
        Assert.NotNull(rig.Packet(0x1E));
        Assert.NotNull(rig.Packet(0x1B, 0, 0, 0, 2));
        Assert.Equal([0, 4, 4, 0x10, 0, 1, 0, 0], rig.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)!); // no change, tray open
        Assert.Null(rig.Packet(0x00));
        Assert.Equal((AtapiSense.NotReady, AtapiSense.MediumNotPresent), rig.Sense());
        Assert.NotNull(rig.Packet(0x1B, 0, 0, 0, 3));
        Assert.NotNull(rig.Packet(0x00));
    }

    [Fact]
    public void Small_replies_are_what_QEMU_sends()
    {
        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 0], rig.Packet(0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8)!);
        Assert.Equal([0, 32, 0x0E, 1, 1, 1, 1, 0x20], rig.Packet(0x51, 0, 0, 0, 0, 0, 0, 0, 8)!);
        Assert.Equal([0, 0, 0x80, 0x10], rig.Packet(0x4A, 1, 0, 0, 0x02, 0, 0, 0, 8)!);
        Assert.Null(rig.Packet(0x4A, 0, 0, 0, 0x10, 0, 0, 0, 8));
        Assert.NotNull(rig.Packet(0xBB));
        Assert.NotNull(rig.Packet(0x2B, 0, 0, 0, 0, 181));
        Assert.Null(rig.Packet(0x2B, 0, 0, 0, 0, 182));
    }

    [Fact]
    public void An_empty_drive_is_not_ready_and_answers_what_needs_no_medium()
    {
        var empty = new IdeRig(cdSectors: 0);
        foreach (var operation in (byte[])[0x00, 0x25, 0x28, 0x43, 0x51])
        {
            Assert.Null(empty.Packet(operation));
            Assert.Equal((AtapiSense.NotReady, AtapiSense.MediumNotPresent), empty.Sense());
        }

        Assert.NotNull(empty.Packet(0x12, 0, 0, 0, 36));
        Assert.Equal(0, empty.Packet(0x46, 2, 0, 0, 0, 0, 0, 0, 20)![7]);
        Assert.Equal([0, 4, 4, 0x10, 0, 0, 0, 0], empty.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)!);
    }

    [Fact]
    public void A_changed_medium_shows_as_gone_then_as_another_and_then_is_there()
    {
        Assert.True(rig.Ide.Secondary.OpenTray(0, force: true));
        rig.Ide.Secondary.RemoveMedium(0);
        rig.Ide.Secondary.InsertMedium(0, new VolumeId(9), 1456);
        rig.In(0x376);
        Assert.Contains((1, true), rig.Edges);
        Assert.Equal([0, 4, 4, 0x10, 2, 2, 0, 0], rig.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)!); // new media, and present
        Assert.Equal(0, rig.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)![4]);
        Assert.Null(rig.Packet(0x00));
        Assert.Equal((AtapiSense.NotReady, AtapiSense.MediumNotPresent), rig.Sense());
        Assert.Null(rig.Packet(0x00));
        Assert.Equal((0x60, 0x41), (rig.In(0x171), rig.In(0x177)));
        Assert.Null(rig.Packet(0x00)); // until its sense is asked for
        Assert.Equal((0x60, 0x01), (rig.In(0x171), rig.In(0x177)));
        Assert.Equal((AtapiSense.UnitAttention, AtapiSense.MediumMayHaveChanged), rig.Sense());
        Assert.NotNull(rig.Packet(0x00));
        Assert.Equal([0, 0, 1, 107, 0, 0, 8, 0], rig.Packet(0x25)!);
    }

    [Fact]
    public void A_locked_tray_opens_by_force_only_and_asks_the_guest_first()
    {
        rig.Packet(0x1E, 0, 0, 0, 1);
        Assert.False(rig.Ide.Secondary.OpenTray(0, force: false));
        Assert.Equal(1, rig.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)![4]); // the eject request
        Assert.True(rig.Ide.Secondary.OpenTray(0, force: true));
        Assert.Equal(1, rig.Packet(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)![5]);
    }

    [Fact]
    public void DEVICE_RESET_breaks_a_packet_off()
    {
        rig.Command(0xA0, lba: 0x000800, port: 0x170, device: 0xA0);
        rig.Out(0x177, 0x08);
        Assert.Equal((0x00, 0x14, 0xEB), (rig.In(0x177), rig.In(0x174), rig.In(0x175)));
    }

    [Fact]
    public void A_disc_that_cannot_be_read_is_an_error_and_ends()
    {
        rig.Fails = true;
        Assert.Null(rig.Packet(0x28, 0, 0, 0, 0, 2, 0, 0, 3));
        rig.Fails = false;
        Assert.Equal((AtapiSense.IllegalRequest, AtapiSense.LogicalBlockOutOfRange), rig.Sense());
    }
}
