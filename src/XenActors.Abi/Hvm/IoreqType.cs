namespace XenActors.Abi;

/// <summary>What an I/O request is about. Source: <c>public/hvm/ioreq.h</c>.</summary>
[XenConstants("IOREQ_TYPE_")]
public enum IoreqType : byte
{
    Pio = 0,
    Copy = 1,
    PciConfig = 2,
    Timeoffset = 7,
    Invalidate = 8,
}
