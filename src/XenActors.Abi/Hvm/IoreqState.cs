namespace XenActors.Abi;

/// <summary>Whose turn it is with an I/O request. Source: <c>public/hvm/ioreq.h</c> (STATE_IOREQ_*, STATE_IORESP_READY).</summary>
public enum IoreqState : byte
{
    None = 0,
    Ready = 1,
    Inprocess = 2,
    RespReady = 3,
}
