using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary>A tool's connection to a core in this process, as one of dom0's.</summary>
public sealed class CoreConnection : IXenstoreConnection, IXenstoreOutput
{
    private readonly XenstoreCore core;
    private readonly int number;
    private readonly Queue<XsWatchEvent> events = new();
    private XsAnswer answer;
    private uint requests;

    public CoreConnection(XenstoreCore core)
    {
        this.core = core;
        number = core.Connect(0);
    }

    public XsAnswer Ask(XsWireType type, uint txId, ReadOnlySpan<byte> payload)
    {
        answer = new(XenErrno.EBADF, null);
        core.Handle(number, type, requests = unchecked(requests + 1), txId, payload, this);
        return answer;
    }

    public XsWatchEvent? NextEvent() => events.TryDequeue(out var next) ? next : null;

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (conn == number) answer = XsAnswer.Of(type, payload);
    }

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (conn == number) events.Enqueue(new(Encoding.Latin1.GetString(path), Encoding.Latin1.GetString(token)));
    }
}
