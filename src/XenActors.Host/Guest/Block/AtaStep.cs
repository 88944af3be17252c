using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What a port's driver does next.</summary>
internal enum AtaStepKind : byte
{
    In,
    Out,

    /// <summary><c>rep insw</c>: one exit for so many words.</summary>
    InString,
    OutString,

    /// <summary>Bytes for the driver's own memory: no exit.</summary>
    Store,
    Load,
    WaitInterrupt,
    EndInterrupt,
}

/// <summary>One step; <see cref="Value"/> is a register's value, a count of words, or a length.</summary>
internal readonly record struct AtaStep(AtaStepKind Kind, uint Address = 0, byte Size = 1, uint Value = 0, byte[]? Data = null)
{
    public static AtaStep In(int port) => new(AtaStepKind.In, (uint)port);

    public static AtaStep Out(int port, int value, byte size = 1) => new(AtaStepKind.Out, (uint)port, size, (uint)value);

    public static AtaStep InWords(int port, int words) => new(AtaStepKind.InString, (uint)port, 2, (uint)words);

    public static AtaStep OutWords(int port, byte[] data) => new(AtaStepKind.OutString, (uint)port, 2, 0, data);

    public static AtaStep Store(uint address, byte[] data) => new(AtaStepKind.Store, address, Data: data);

    public static AtaStep Load(uint address, int length) => new(AtaStepKind.Load, address, Value: (uint)length);

    public static readonly AtaStep WaitInterrupt = new(AtaStepKind.WaitInterrupt);

    public static readonly AtaStep EndInterrupt = new(AtaStepKind.EndInterrupt);

    public MemoryExtent Extent => new(Address, Data is null ? Value : (uint)Data.Length);
}

/// <summary>What a step brought.</summary>
[Codec]
public readonly partial record struct AtaAnswer(uint Value, byte[] Data)
{
    public static AtaAnswer None => new(0, []);
}
