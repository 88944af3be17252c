using XenActors.Simulation;

namespace XenActors.DeviceModel;

/// <summary>An <c>in</c> instruction that no device of Xen's own claims: an ioreq of type PIO to the device model.</summary>
[Codec]
public readonly partial record struct PortRead(ushort Port, byte Size);

/// <summary>An <c>out</c> instruction; the vCPU waits for <see cref="IoreqDone"/> as for a read.</summary>
[Codec]
public readonly partial record struct PortWrite(ushort Port, byte Size, uint Value);

/// <summary>A read of a device's configuration space on bus 0 (IOREQ_TYPE_PCI_CONFIG). Devfn is slot * 8 + function.</summary>
[Codec]
public readonly partial record struct PciConfigRead(byte Devfn, byte Register);

/// <summary>A write to a device's configuration space: command register and base addresses; the rest is lost.</summary>
[Codec]
public readonly partial record struct PciConfigWrite(byte Devfn, byte Register, byte Size, uint Value);

/// <summary><c>rep ins</c>: so many words of a port, in one ioreq; they come as bytes in <see cref="IoreqStringDone"/>.</summary>
[Codec]
public readonly partial record struct PortReadString(ushort Port, byte Size, uint Count)
{
    /// <summary>The hypervisor cuts longer strings into several ioreqs of at most a page.</summary>
    public const uint CountMax = 1024;
}

/// <summary><c>rep outs</c>: the words of <see cref="Data"/>, little-endian. The answer is an <see cref="IoreqDone"/>.</summary>
[Codec]
public readonly partial record struct PortWriteString(ushort Port, byte Size, byte[] Data)
{
    public override string ToString() => $"PortWriteString {Port:x}/{Size} +{Data.Length}";
}

/// <summary>The device model's answer; an absent port or device reads as all ones.</summary>
[Codec]
public readonly partial record struct IoreqDone(uint Value);

/// <summary>The device model's answer to a string read.</summary>
[Codec]
public readonly partial record struct IoreqStringDone(byte[] Data)
{
    public override string ToString() => $"IoreqStringDone +{Data.Length}";
}
