using System.Text;
using XenActors.Simulation;

namespace XenActors.DeviceModel;

/// <summary>
/// The Xen platform device's ports: the fixed ones at 0x10 to 0x1f, told apart by size, and its own I/O BAR
/// (docs/misc/hvm-emulated-unplug.pandoc; QEMU hw/i386/xen/xen_platform.c).
/// </summary>
[Codec]
public sealed partial class PlatformPci
{
    public const ushort Magic = 0x49d2;
    public const byte ProtocolVersion = 1;
    private const ushort FixedFirst = 0x10;
    private const ushort FixedLast = 0x1f;
    private const int BarLength = 0x100;

    /// <summary>QEMU flushes a line at this length.</summary>
    private const int LogLineMax = 4095;

    /// <summary>Lines kept; a guest that logs for ever must not fill the memory.</summary>
    private const int LogLinesMax = 1000;

    public bool Present { get; set; }

    /// <summary>Where the firmware put BAR 0.</summary>
    public ushort Bar { get; set; }

    /// <summary>Bit 0, PFFLAG_ROM_LOCK: guest frames 0xc0 to 0xff are read-only.</summary>
    public byte Flags { get; private set; }

    /// <summary>What the driver said it is: 3 for Linux.</summary>
    public ushort Product { get; private set; }

    public uint Build { get; private set; }

    /// <summary>Complete lines that the guest wrote to the log port.</summary>
    public List<string> Log { get; private set; } = [];

    private string Line { get; set; } = "";

    /// <summary>An absent device reads as all ones.</summary>
    public uint Read(ushort port, byte size)
    {
        if (Present && port == FixedFirst && size == 2)
        {
            return Magic;
        }

        if (Present && size == 1 && (port == FixedFirst || port == Bar))
        {
            return Flags;
        }

        return Present && port == FixedFirst + 2 && size == 1 ? ProtocolVersion : AllOnes(size);
    }

    /// <summary>The unplug mask that this write asks for; 0 for none.</summary>
    public ushort Write(ushort port, byte size, uint value)
    {
        if (!Present)
        {
            return 0;
        }

        return port is >= FixedFirst and <= FixedLast ? WriteFixed(port - FixedFirst, size, value)
            : Bar != 0 && port >= Bar && port < Bar + BarLength ? WriteBar(port - Bar, size, value)
            : (ushort)0;
    }

    public static uint AllOnes(byte size) => size switch
    {
        1 => 0xff,
        2 => 0xffff,
        _ => 0xffffffff,
    };

    private ushort WriteFixed(int offset, byte size, uint value)
    {
        switch (offset, size)
        {
            case (0, 1):
                Flags = (byte)(value & 1);
                break;
            case (0, 2):
                return (ushort)(value & 0xffff);
            case (0, 4):
                Build = value;
                break;
            case (2, 1):
                Character((byte)(value & 0xff));
                break;
            case (2, 2):
                Product = (ushort)(value & 0xffff);
                break;
        }

        return 0;
    }

    // The way of old SUSE drivers: offset 4 unplugs everything, offset 8 one class, or logs.
    private ushort WriteBar(int offset, byte size, uint value)
    {
        if (size != 1)
        {
            return 0;
        }

        switch (offset, value & 0xff)
        {
            case (0, _):
                Flags = (byte)(value & 1);
                return 0;
            case (4, 1):
                return UnplugMask.IdeDisks | UnplugMask.Nics;
            case (8, 1):
                return UnplugMask.IdeDisks;
            case (8, 2):
                return UnplugMask.Nics;
            case (8, _):
                Character((byte)(value & 0xff));
                return 0;
            default:
                return 0;
        }
    }

    private void Character(byte value)
    {
        if (value != '\n')
        {
            Line += Encoding.Latin1.GetString([value]);
        }

        if ((value == '\n' || Line.Length == LogLineMax) && Log.Count < LogLinesMax)
        {
            Log.Add(Line);
            Line = "";
        }
        else if (value == '\n' || Line.Length == LogLineMax)
        {
            Line = "";
        }
    }
}
