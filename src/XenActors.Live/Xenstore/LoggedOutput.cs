using XenActors.Abi;

namespace XenActors.Live.Xenstore;

/// <summary>What waits for a client, kept once more while there is an access log: a message is logged when its sending begins.</summary>
internal sealed class LoggedOutput
{
    private readonly Queue<(XsWireType Type, byte[] Payload)> waiting = new();
    private readonly Queue<(XsWireType Type, byte[] Payload)> begun = new();

    /// <summary>Messages whose sending has begun wait to be logged.</summary>
    public bool Any => begun.Count > 0;

    public void Add(XsWireType type, ReadOnlySpan<byte> payload) => waiting.Enqueue((type, payload.ToArray()));

    /// <summary>A send has left so many messages untouched.</summary>
    public void Sent(int untouched)
    {
        while (waiting.Count > untouched) begun.Enqueue(waiting.Dequeue());
    }

    /// <summary>What waited will not be sent.</summary>
    public void Clear() => waiting.Clear();

    public (XsWireType Type, byte[] Payload) Next() => begun.Dequeue();
}
