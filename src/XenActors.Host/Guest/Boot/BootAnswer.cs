using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>The answer to a <see cref="BootAsk"/>; see there what the numbers mean.</summary>
[Codec]
public readonly partial record struct BootAnswer(ulong A, ulong B, ulong C, ulong D, byte[] Data)
{
    public static BootAnswer Empty => new(0, 0, 0, 0, []);

    public static BootAnswer Of(ulong value) => new(value, 0, 0, 0, []);

    /// <summary>A register's worth of the first value: what an instruction leaves in AL, AX or EAX.</summary>
    public byte Byte => (byte)(A & 0xFF);

    public ushort Word => (ushort)(A & 0xFFFF);

    public uint Dword => (uint)(A & 0xFFFFFFFF);

    /// <summary>A hypercall's result: negative is an errno.</summary>
    public long Result => unchecked((long)A); // Carried as its bits.
}
