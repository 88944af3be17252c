using XenActors.DeviceModel.Ide;
using XenActors.Guest.Block;

namespace XenActors.Guest.Boot;

/// <summary>The commands of libata's probe; they are polled for.</summary>
internal static class AtaProbe
{
    /// <summary>sr's guess where a drive does not tell its size: an empty one shows 1 GiB less a sector.</summary>
    public const ulong UnknownCdSectors = 0x1FFFFF;

    public const int CapacityAttempts = 3;

    private const ushort SetTransfer = 3;
    private const ushort MultiWordDma2 = 0x22;

    public static AtaSubmit Identify(byte position, bool packet) =>
        new(0, position, AtaProtocol.PioIn, new(packet ? AtaCommandCode.IdentifyPacket : AtaCommandCode.Identify)) { Bytes = 512, Polled = true };

    /// <summary>PIIX3's fastest.</summary>
    public static AtaSubmit SetTransferMode(byte position) =>
        new(0, position, AtaProtocol.NoData, new(AtaCommandCode.SetFeatures, SetTransfer, MultiWordDma2)) { Polled = true };
}
