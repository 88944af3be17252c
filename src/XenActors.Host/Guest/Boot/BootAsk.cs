using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Guest.Net;
using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>A step's question. The numbers mean what the factory of its kind says.</summary>
public sealed record BootAsk(BootAskKind Kind, ulong A = 0, ulong B = 0, ulong C = 0, ulong D = 0, string Text = "")
{
    public VirtualDuration Duration => new((long)A);

    public AtaDrive? Drive { get; init; }

    public AtaSubmit? Command { get; init; }

    public GuestNic? Nic { get; init; }

    /// <summary>Answer: EAX, EBX, ECX, EDX.</summary>
    public static BootAsk Cpuid(uint leaf) => new(BootAskKind.Cpuid, leaf);

    /// <summary>Answer: the result (as two's complement) and the value.</summary>
    public static BootAsk Call(Hypercall number, uint operation, ulong arg0, ulong arg1) =>
        new(BootAskKind.Hypercall, (ulong)number, operation, arg0, arg1);

    public static BootAsk In(ushort port, byte size) => new(BootAskKind.PortRead, port, size);

    public static BootAsk Out(ushort port, byte size, uint value) => new(BootAskKind.PortWrite, port, size, value);

    public static BootAsk Pci(byte devfn, byte register) => new(BootAskKind.PciRead, devfn, register);

    public static BootAsk PciOut(byte devfn, byte register, byte size, uint value) => new(BootAskKind.PciWrite, devfn, register, size, value);

    /// <summary>A channel is looked at and reset. Answer: the two signatures (<see cref="AtaSignatures"/>).</summary>
    public static BootAsk ResetAta(byte channel) => new(BootAskKind.AtaReset, channel);

    /// <summary>One command on a channel. Answer: 0 when it went well, the error register, and the bytes.</summary>
    public static BootAsk Ata(byte channel, AtaSubmit command) => new(BootAskKind.Ata, channel) { Command = command };

    /// <summary>The kernel is busy for about so long.</summary>
    public static BootAsk Sleep(VirtualDuration duration) => new(BootAskKind.Sleep, (ulong)duration.Nanoseconds);

    /// <summary>Until the bus has listed its devices. Answer: 0, or 1 when it took too long.</summary>
    public static BootAsk XenbusDevices(VirtualDuration patience) => new(BootAskKind.XenbusDevices, (ulong)patience.Nanoseconds);

    /// <summary>Until every device with a driver has answered. Answer as for <see cref="XenbusDevices"/>.</summary>
    public static BootAsk XenbusSettled(VirtualDuration patience) => new(BootAskKind.XenbusSettled, (ulong)patience.Nanoseconds);

    /// <summary>Until no partition table is being read.</summary>
    public static BootAsk ScansDone() => new(BootAskKind.ScansDone);

    /// <summary>Until the root device is there. Answer as for <see cref="XenbusDevices"/>.</summary>
    public static BootAsk RootDisk(VirtualDuration patience) => new(BootAskKind.RootDisk, (ulong)patience.Nanoseconds);

    public static BootAsk StartXenbus() => new(BootAskKind.StartXenbus);

    public static BootAsk RegisterDriver(string type) => new(BootAskKind.RegisterDriver, Text: type);

    /// <summary>A libata disk gets its actor; its sectors are in A.</summary>
    public static BootAsk AddAtaDisk(AtaDrive drive, ulong sectors) => new(BootAskKind.AddAtaDisk, sectors) { Drive = drive };

    public static BootAsk AddNic(GuestNic nic) => new(BootAskKind.AddNic) { Nic = nic };
}
