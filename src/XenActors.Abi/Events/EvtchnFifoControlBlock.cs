using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A vCPU's FIFO queues: a bit per priority with events, and each queue's head. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_fifo_control_block")]
public static class EvtchnFifoControlBlock
{
    public const int SizeOf = 72;
    public const int ReadyOffset = 0;
    public const int HeadOffset = 8;
    public const int HeadCount = 16;
    public const int HeadStride = 4;

    public static uint Ready(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReadyOffset..]);

    public static void SetReady(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReadyOffset..], value);
}
