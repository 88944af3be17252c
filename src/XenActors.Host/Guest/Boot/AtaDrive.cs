using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>A drive that libata has identified. <see cref="Name"/> is empty until sd_mod or sr_mod has taken it.</summary>
[Codec]
public sealed partial record AtaDrive(byte Channel, byte Position, bool Packet, string Model, string Firmware, ulong Sectors, int AtaVersion, int Multi, bool Lba48)
{
    /// <summary>Word 85: a volatile write cache, switched on.</summary>
    public bool WriteCache { get; init; }

    /// <summary>Word 169: DATA SET MANAGEMENT takes TRIM.</summary>
    public bool Trim { get; init; }

    /// <summary>Word 49.</summary>
    public bool Dma { get; init; }

    /// <summary>As <c>ata1.00</c>.</summary>
    public string AtaName => $"ata{Channel + 1}.{Position:00}";

    /// <summary>As <c>0:0:0:0</c>: host, channel, target, unit.</summary>
    public string ScsiAddress => $"{Channel}:0:{Position}:0";
}
