using System.Buffers.Binary;

namespace XenActors.DeviceModel.Ide;

/// <summary>The longer replies of QEMU's CD drive.</summary>
internal static class AtapiReplies
{
    private const ushort ProfileCd = 0x0008;
    private const ushort ProfileDvd = 0x0010;

    // 80 minutes, 75 blocks a second: what is larger is a DVD.
    private const uint CdBlocksMax = 80 * 60 * 75;

    private const int ConfigurationMax = 512;
    private const byte EventMedia = 4;
    private const byte MediaTrayOpen = 1;
    private const byte MediaPresent = 2;
    private const byte EventEjectRequest = 1;
    private const byte EventNewMedia = 2;

    public static AtapiResult Inquiry(IdeDrive drive, byte[] packet)
    {
        var limit = packet[4];
        if ((packet[1] & 1) == 0)
        {
            var data = new byte[36];
            (data[0], data[1], data[3], data[4]) = (0x05, 0x80, 0x21, 31); // CD-ROM, removable
            AtapiCommands.Text(data.AsSpan(8, 8), "QEMU");
            AtapiCommands.Text(data.AsSpan(16, 16), "QEMU DVD-ROM");
            AtapiCommands.Text(data.AsSpan(32, 4), drive.Revision.Length > 4 ? drive.Revision[..4] : drive.Revision);
            return AtapiResult.Reply(data, limit);
        }

        return packet[2] switch
        {
            0x00 => AtapiResult.Reply([0x05, 0x00, 0x00, 2, 0x00, 0x83], limit),
            0x83 when limit < 28 => AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.DataPhaseError),
            0x83 => AtapiResult.Reply(Identification(drive, limit), limit),
            _ => AtapiCommands.InvalidField,
        };
    }

    public static AtapiResult Configuration(uint blocks, byte[] packet)
    {
        if (packet[2] != 0 || packet[3] != 0)
        {
            return AtapiCommands.InvalidField;
        }

        var current = blocks == 0 ? (ushort)0 : blocks > CdBlocksMax ? ProfileDvd : ProfileCd;
        var data = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(data, 16);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(6), current);
        (data[10], data[11]) = (0x03, 8); // the profile list: persistent, current
        var at = 12;
        foreach (var profile in (ReadOnlySpan<ushort>)[ProfileDvd, ProfileCd])
        {
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(at), profile);
            data[at + 2] = profile == current ? (byte)1 : (byte)0;
            at += 4;
        }

        return AtapiResult.Reply(data, Math.Min(AtapiCommands.Big16(packet, 7), ConfigurationMax));
    }

    public static AtapiResult EventStatus(IdeDevice device, byte[] packet)
    {
        var (atapi, limit) = (device.Atapi, AtapiCommands.Big16(packet, 7));
        if ((packet[1] & 1) == 0)
        {
            return AtapiCommands.InvalidField; // Only polling is there.
        }

        if ((packet[4] & (1 << EventMedia)) == 0)
        {
            return AtapiResult.Reply([0, 0, 0x80, 1 << EventMedia], limit);
        }

        var status = atapi.TrayOpen ? MediaTrayOpen : AtapiCommands.Inserted(device) ? MediaPresent : (byte)0;
        byte happened = 0;
        if (!atapi.TrayOpen && atapi.NewMedia)
        {
            (happened, atapi.NewMedia) = (EventNewMedia, false);
        }
        else if (!atapi.TrayOpen && atapi.EjectRequested)
        {
            (happened, atapi.EjectRequested) = (EventEjectRequest, false);
        }

        return AtapiResult.Reply([0, 4, EventMedia, 1 << EventMedia, happened, status, 0, 0], limit);
    }

    public static AtapiResult DiscInformation(byte[] packet)
    {
        if ((packet[1] & 7) != 0)
        {
            return AtapiCommands.InvalidField;
        }

        var data = new byte[34];
        (data[1], data[2]) = (32, 0x0E); // finalized
        (data[3], data[4], data[5], data[6], data[7]) = (1, 1, 1, 1, 0x20); // one track, one session
        return AtapiResult.Reply(data, AtapiCommands.Big16(packet, 7));
    }

    public static AtapiResult ModeSense(AtapiState atapi, byte[] packet)
    {
        var limit = AtapiCommands.Big16(packet, 7);
        switch (packet[2] >> 6, packet[2] & 0x3F)
        {
            case (0, 0x01): // read and write errors
                return AtapiResult.Reply([0, 14, 0x70, 0, 0, 0, 0, 0, 0x01, 6, 0, 5, 0, 0, 0, 0], limit);
            case (0, 0x0E): // audio
                var audio = new byte[24];
                (audio[1], audio[2], audio[8], audio[9]) = (22, 0x70, 0x0E, 14);
                return AtapiResult.Reply(audio, limit);
            case (0, 0x2A): // capabilities
                return AtapiResult.Reply(Capabilities(atapi.TrayLocked), limit);
            case (3, _):
                return AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.SavingParametersNotSupported);
            default:
                return AtapiCommands.InvalidField;
        }
    }

    public static AtapiResult DvdStructure(uint blocks, byte[] packet)
    {
        var (format, limit) = (packet[7], AtapiCommands.Big16(packet, 8));
        if (format < 0xFF && blocks <= CdBlocksMax)
        {
            return AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.IncompatibleFormat);
        }

        if (packet[1] != 0)
        {
            return AtapiCommands.InvalidField;
        }

        switch (format)
        {
            case 0x00 when packet[6] == 0:
                var physical = Structure(2048);
                (physical[4], physical[5], physical[6]) = (1, 0x0F, 1);
                BinaryPrimitives.WriteUInt32BigEndian(physical.AsSpan(12), blocks - 1);
                BinaryPrimitives.WriteUInt32BigEndian(physical.AsSpan(16), blocks - 1);
                return AtapiResult.Reply(physical, limit);
            case 0x01:
                return AtapiResult.Reply(Structure(4), limit);
            case 0x04:
                return AtapiResult.Reply(Structure(2048), limit);
            case 0xFF:
                return AtapiResult.Reply(
                    [0, 18, 0, 0, 0x00, 0x40, 8, 4, 0x01, 0x40, 0, 8, 0x03, 0x40, 0, 192, 0x04, 0x40, 8, 4], limit);
            default:
                return AtapiCommands.InvalidField;
        }
    }

    private static byte[] Structure(int length)
    {
        var data = new byte[length + 4];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(length + 2));
        return data;
    }

    private static byte[] Capabilities(bool locked)
    {
        var data = new byte[30];
        (data[1], data[2], data[8], data[9], data[10]) = (28, 0x70, 0x2A, 20, 0x3B);
        (data[12], data[13], data[14]) = (0x71, 0x60, (byte)(0x29 | (locked ? 2 : 0)));
        data[19] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(16), 704); // four times
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(20), 512); // KiB of buffer
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(22), 704);
        return data;
    }

    // The serial number, and where there is room the model with it.
    private static byte[] Identification(IdeDrive drive, int limit)
    {
        var data = new byte[limit < 100 ? 28 : 100];
        (data[0], data[1], data[3], data[4], data[7]) = (0x05, 0x83, (byte)(data.Length - 4), 2, 20);
        AtapiCommands.Text(data.AsSpan(8, 20), drive.Serial);
        if (data.Length > 28)
        {
            (data[28], data[29], data[31]) = (2, 1, 68);
            AtapiCommands.Text(data.AsSpan(32, 8), "ATA");
            AtapiCommands.Text(data.AsSpan(40, 40), "QEMU DVD-ROM");
            AtapiCommands.Text(data.AsSpan(80, 20), drive.Serial);
        }

        return data;
    }
}
