using System.Globalization;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>
/// The emulated network cards' registers as far as a driver needs them to know its card: the address. An e1000's are reached through its
/// I/O window (index at 0, data at 4), an rtl8139's lie at its I/O base. Sources: Intel 8254x manual 13.4, RTL8139 datasheet.
/// </summary>
[Codec]
public sealed partial class NicRegisters
{
    private const uint ReceiveAddressLow = 0x5400;
    private const uint ReceiveAddressHigh = 0x5404;

    // RAH's address-valid bit.
    private const uint AddressValid = 1u << 31;

    /// <summary>By the first port of each card's I/O window.</summary>
    private SortedDictionary<ushort, NicWindow> Windows { get; set; } = [];

    public static NicRegisters Build(GuestPlan plan, PciBus bus)
    {
        var registers = new NicRegisters();
        using var functions = bus.All(PciRole.Nic).GetEnumerator();
        foreach (var nic in plan.Nics)
        {
            if (nic.Emulated && functions.MoveNext())
            {
                foreach (var bar in functions.Current.Bars)
                {
                    if (bar.Io && bar.Base != 0)
                    {
                        registers.Windows[(ushort)bar.Base] = new NicWindow
                        {
                            Size = (ushort)bar.Size, Indexed = nic.Model == "e1000", Mac = Parse(nic.Mac),
                        };
                    }
                }
            }
        }

        return registers;
    }

    /// <summary>The cards are gone: their ports are nobody's.</summary>
    public void Remove() => Windows.Clear();

    /// <summary>Null where no card has the port.</summary>
    public uint? Read(ushort port, byte size)
    {
        if (Find(port, out var offset) is not { } window)
        {
            return null;
        }

        if (!window.Indexed)
        {
            return Bytes(window.Mac, offset, size);
        }

        return (offset, window.Index) switch
        {
            (0, _) => window.Index,
            (4, ReceiveAddressLow) => Bytes(window.Mac, 0, 4),
            (4, ReceiveAddressHigh) => Bytes(window.Mac, 4, 2) | AddressValid,
            _ => 0,
        };
    }

    public void Write(ushort port, uint value)
    {
        if (Find(port, out var offset) is { Indexed: true } window && offset == 0)
        {
            window.Index = value;
        }
    }

    private NicWindow? Find(ushort port, out int offset)
    {
        foreach (var (first, window) in Windows)
        {
            offset = port - first;
            if (offset >= 0 && offset < window.Size)
            {
                return window;
            }
        }

        offset = 0;
        return null;
    }

    // Little-endian; beyond the address everything reads as zero.
    private static uint Bytes(byte[] mac, int offset, int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++)
        {
            value |= (offset + i < mac.Length ? (uint)mac[offset + i] : 0) << (8 * i);
        }

        return value;
    }

    private static byte[] Parse(string mac)
    {
        var bytes = new byte[6];
        var parts = mac.Split(':');
        for (var i = 0; i < bytes.Length && i < parts.Length; i++)
        {
            bytes[i] = byte.Parse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return bytes;
    }
}

/// <summary>One card's I/O window.</summary>
[Codec]
public sealed partial class NicWindow
{
    public required ushort Size { get; init; }

    /// <summary>An e1000: registers behind an index.</summary>
    public required bool Indexed { get; init; }

    public required byte[] Mac { get; init; }

    public uint Index { get; set; }
}
