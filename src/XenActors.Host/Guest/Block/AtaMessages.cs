using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>How a command's data moves: libata's <c>ATA_PROT_*</c>.</summary>
public enum AtaProtocol : byte
{
    NoData,
    PioIn,
    PioOut,
    DmaIn,
    DmaOut,

    /// <summary>Twelve bytes of packet, and what they bring.</summary>
    Packet,
}

/// <summary>A command's registers. Without an address only feature, count and device are of interest; they are written all the same.</summary>
[Codec]
public readonly partial record struct AtaTaskfile(byte Command, ushort Feature = 0, ushort Count = 0, ulong Lba = 0, bool Lba48 = false);

/// <summary>To a port: one command for one of its two drives. The answer is an <see cref="AtaEnded"/>.</summary>
[Codec]
public sealed partial record AtaSubmit(long Cookie, byte Position, AtaProtocol Protocol, AtaTaskfile Taskfile)
{
    public byte[] Packet { get; init; } = [];

    /// <summary>What goes to the drive.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>How much is to come.</summary>
    public int Bytes { get; init; }

    /// <summary>With interrupts off: while the kernel looks for drives.</summary>
    public bool Polled { get; init; }

    /// <summary>Bytes of one DRQ block: 512, or more with READ MULTIPLE.</summary>
    public int BlockBytes { get; init; } = 512;

    public override string ToString() => $"AtaSubmit #{Cookie} device {Position} {Protocol} {Taskfile.Command:x2} @{Taskfile.Lba} +{Data.Length + Bytes}";
}

/// <summary>To a port: the system sleeps (<c>ata_port_pm_freeze</c>). What is out comes to its end, what is queued stays; the answer is <see cref="AtaFrozen"/>.</summary>
[Codec]
public readonly partial record struct AtaFreeze;

/// <summary>A port has no command out, and begins none.</summary>
[Codec]
public readonly partial record struct AtaFrozen;

/// <summary>To a port: the system is awake again.</summary>
[Codec]
public readonly partial record struct AtaThaw;

/// <summary>A command has ended: the status and error registers, and what came.</summary>
[Codec]
public sealed partial record AtaEnded(long Cookie, byte Status, byte Error, byte[] Data)
{
    public bool Ok => (Status & (DeviceModel.Ide.AtaStatus.Error | DeviceModel.Ide.AtaStatus.Busy)) == 0;

    public override string ToString() => $"AtaEnded #{Cookie} status {Status:x2} error {Error:x2} +{Data.Length}";
}

/// <summary>To a port: look which of the two drives answer, reset both (SRST) and read their signatures.</summary>
[Codec]
public readonly partial record struct AtaReset(long Cookie);

/// <summary>What a reset found in the two places.</summary>
[Codec]
public readonly partial record struct AtaResetDone(long Cookie, AtaSignature Master, AtaSignature Slave);

/// <summary>A place after a reset.</summary>
/// <param name="Present">Its registers keep what is written.</param>
[Codec]
public readonly partial record struct AtaSignature(bool Present, byte Error, byte LbaMid, byte LbaHigh, byte Status)
{
    public bool IsAta => (LbaMid, LbaHigh) is (0x00, 0x00) or (0x3C, 0xC3);

    public bool IsAtapi => (LbaMid, LbaHigh) is (0x14, 0xEB) or (0x69, 0x96);

    /// <summary>Registers answer, and say nothing known: libata's ATA_DEV_UNKNOWN.</summary>
    public bool IsUnknown => Present && !IsAta && !IsAtapi;
}

/// <summary>From a CD's driver to its port: it wants to hear of interrupts that belong to no command.</summary>
[Codec]
public readonly partial record struct AtaListen;

/// <summary>To a CD's driver: there was one. A drive whose tray moves raises it.</summary>
[Codec]
public readonly partial record struct AtaIdleInterrupt;

/// <summary>The driver's own timer: look for a change of the medium.</summary>
[Codec]
public readonly partial record struct AtaCheckMedia;
