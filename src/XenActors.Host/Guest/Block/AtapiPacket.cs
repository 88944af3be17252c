using System.Buffers.Binary;
using XenActors.DeviceModel.Ide;

namespace XenActors.Guest.Block;

/// <summary>Packets that sr and its probe send.</summary>
internal static class AtapiPacket
{
    public const byte Read10 = 0x28;

    /// <summary>A command without data.</summary>
    public static AtaSubmit TestUnitReady(byte position) => Of(position, 0, 0x00);

    public static AtaSubmit RequestSense(byte position) => Of(position, 18, 0x03, 0, 0, 0, 18);

    public static AtaSubmit ReadCapacity(byte position) => Of(position, 8, 0x25);

    /// <summary>GET EVENT STATUS NOTIFICATION: polled, class media.</summary>
    public static AtaSubmit EventStatus(byte position) => Of(position, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8);

    /// <summary>Its reply tells of a new medium in a closed tray.</summary>
    public static bool IsNewMedia(byte[] reply) => reply.Length >= 6 && (reply[2] & 0x87) == 4 && (reply[4] & 0x0F) == 2;

    public static AtaSubmit Inquiry(byte position) => Of(position, 36, 0x12, 0, 0, 0, 36);

    /// <summary>The sectors of 512 bytes that READ CAPACITY's reply tells of.</summary>
    public static ulong Sectors(byte[] reply) =>
        reply.Length < 8 ? 0 : ((ulong)BinaryPrimitives.ReadUInt32BigEndian(reply) + 1) * (BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(4)) / 512);

    private static AtaSubmit Of(byte position, int bytes, params ReadOnlySpan<byte> packet)
    {
        var padded = new byte[12];
        packet.CopyTo(padded);
        return new(0, position, AtaProtocol.Packet, new(AtaCommandCode.Packet)) { Packet = padded, Bytes = bytes };
    }
}
