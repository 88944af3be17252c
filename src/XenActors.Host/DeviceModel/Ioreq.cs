using XenActors.Simulation;

namespace XenActors.DeviceModel;

public enum IoreqKind : byte
{
    Read,
    Write,
    ReadString,
    WriteString,
    ConfigRead,
    ConfigWrite,
}

/// <summary>An ioreq that waits: a port or a configuration register, and what is written there.</summary>
[Codec]
public readonly partial record struct Ioreq(ActorRef Asker, IoreqKind Kind, ushort Port, byte Size, uint Value, byte[] Data);
