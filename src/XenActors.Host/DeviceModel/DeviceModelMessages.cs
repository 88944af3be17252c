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

/// <summary>The device model's answer; an absent port or device reads as all ones.</summary>
[Codec]
public readonly partial record struct IoreqDone(uint Value);

/// <summary>One whole ATA or ATAPI command through the channel's task file; its register accesses are counted, not sent.</summary>
[Codec]
public readonly partial record struct AtaCommand(byte Channel, byte Drive, AtaOperation Operation, ulong Lba, ushort Sectors, long Cookie);

public enum AtaOperation : byte
{
    /// <summary>IDENTIFY DEVICE or IDENTIFY PACKET DEVICE: 512 bytes.</summary>
    Identify,

    /// <summary>READ DMA EXT: 512-byte sectors.</summary>
    Read,
}

/// <summary>The command has ended. No drive there: <see cref="AtaStatus.NoDevice"/>.</summary>
[Codec]
public readonly partial record struct AtaDone(long Cookie, AtaStatus Status, byte[] Data);

public enum AtaStatus : byte
{
    Ok,
    NoDevice,
    Error,
}
