using XenActors.Simulation;

namespace XenActors.DeviceModel;

public enum PciRole : byte
{
    Chipset,
    Ide,
    Usb,
    Platform,
    Vga,
    Nic,
}

/// <summary>A base address register: its size, its kind, and where the firmware put it.</summary>
[Codec]
public sealed partial class PciBar
{
    /// <summary>0 to 5, or 6 for the expansion ROM.</summary>
    public required int Index { get; init; }

    public required uint Size { get; init; }

    public required bool Io { get; init; }

    public required bool Prefetchable { get; init; }

    public uint Base { get; set; }

    /// <summary>What the register reads: address and type bits.</summary>
    public uint Register => Base == 0 ? (Io ? 1u : 0u) : Index == RomIndex ? Base : Base | (Io ? 1u : Prefetchable ? 8u : 0u);

    public const int RomIndex = 6;
}

/// <summary>A function on bus 0.</summary>
[Codec]
public sealed partial class PciDevice
{
    public const ushort IoEnabled = 0x0001;
    public const ushort MemoryEnabled = 0x0002;
    public const ushort BusMasterEnabled = 0x0004;
    private const ushort CommandWritable = 0x0407;

    public required byte Devfn { get; init; }

    public required ushort Vendor { get; init; }

    public required ushort Device { get; init; }

    /// <summary>Class, subclass, interface, revision: the dword at 0x08.</summary>
    public required uint ClassRevision { get; init; }

    public required PciRole Role { get; init; }

    /// <summary>1 for INTA#; 0 for none.</summary>
    public byte Pin { get; init; }

    public bool MultiFunction { get; init; }

    public uint Subsystem { get; init; }

    public List<PciBar> Bars { get; private set; } = [];

    /// <summary>The command register: I/O, memory, bus master, as the firmware leaves it.</summary>
    public ushort Command { get; set; } = IoEnabled | MemoryEnabled | BusMasterEnabled;

    public int Slot => Devfn >> 3;

    /// <summary>One aligned dword of the configuration space.</summary>
    public uint Dword(int register) => register switch
    {
        0x00 => Vendor | (uint)Device << 16,
        0x04 => Command,
        0x08 => ClassRevision,
        0x0c => MultiFunction ? 0x00800000u : 0,
        >= 0x10 and <= 0x24 => Bar((register - 0x10) / 4),
        0x2c => Subsystem,
        0x30 => Bar(PciBar.RomIndex),
        0x3c => Pin == 0 ? 0u : IrqLine | (uint)Pin << 8,
        _ => 0,
    };

    /// <summary>A write within one dword. Only the command register and base addresses keep it.</summary>
    public void Write(int register, int size, uint value)
    {
        var (shift, mask) = (8 * (register & 3), size >= 4 ? uint.MaxValue : (1u << (8 * size)) - 1);
        var old = Dword(register & 0xFC);
        var merged = (old & ~(mask << shift)) | ((value & mask) << shift);
        if ((register & 0xFC) == 0x04)
        {
            Command = (ushort)(merged & CommandWritable);
        }
        else if (Bars.Find(b => (register & 0xFC) == (b.Index == PciBar.RomIndex ? 0x30 : 0x10 + (4 * b.Index))) is { } bar)
        {
            bar.Base = merged & ~(bar.Size - 1);
        }
    }

    // hvmloader's routing of the four links to ISA interrupts: 5, 10, 11, 5.
    private uint IrqLine => ((Slot + Pin - 1) & 3) switch
    {
        1 => 10,
        2 => 11,
        _ => 5,
    };

    private uint Bar(int index)
    {
        foreach (var bar in Bars)
        {
            if (bar.Index == index)
            {
                return bar.Register;
            }
        }

        return 0;
    }
}
