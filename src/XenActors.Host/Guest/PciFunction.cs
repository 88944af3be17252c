using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>A function on PCI bus 0, as its configuration space described it.</summary>
/// <param name="Class">Base class, subclass and programming interface: 24 bits.</param>
/// <param name="Pin">1 to 4 for INTA to INTD; 0 when it interrupts nobody.</param>
[Codec]
public sealed partial record PciFunction(byte Devfn, ushort Vendor, ushort Device, uint Class, byte HeaderType, byte Pin, bool IoEnabled, List<uint> Bars)
{
    public const ushort XenVendor = 0x5853;

    public bool IsPlatformDevice => Vendor == XenVendor && Device is 1 or 2;

    public bool IsIde => Class >> 8 == 0x0101;

    public bool IsNic => Class >> 8 == 0x0200;

    public bool IsUsb => Class >> 8 == 0x0C03;

    /// <summary>Xen's interrupt routing of HVM guests (<c>hvm_pci_intx_gsi</c>).</summary>
    public int Gsi => 16 + ((((Devfn >> 3) * 4) + (Pin - 1)) & 31);

    /// <summary>As <c>0000:00:03.0</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"0000:00:{Devfn >> 3:x2}.{Devfn & 7}");

    public char PinLetter => (char)('A' + Pin - 1);
}
