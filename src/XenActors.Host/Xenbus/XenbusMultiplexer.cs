using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

[Codec]
public readonly partial record struct XenbusCaller(ActorRef Actor, uint ReqId);

/// <summary>
/// One kernel's connection to xenstored, shared by its drivers: request numbers and watch tokens are told apart, as Linux'
/// <c>xenbus_comms</c> does.
/// </summary>
[Codec]
public sealed partial class XenbusMultiplexer
{
    private uint NextReqId { get; set; } = 1;

    private SortedDictionary<uint, XenbusCaller> Callers { get; set; } = [];

    /// <summary>Who watches, by token.</summary>
    private SortedDictionary<string, ActorRef> Watchers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The request under this connection's own number.</summary>
    public XsRequest Forward(ActorRef caller, in XsRequest request)
    {
        var id = NextReqId++;
        Callers.Add(id, new(caller, request.ReqId));
        if (request.Type == Abi.XsWireType.Watch)
        {
            Watchers[Token(request.Payload)] = caller;
        }
        else if (request.Type == Abi.XsWireType.Unwatch && WatcherOf(Token(request.Payload)) == caller)
        {
            Watchers.Remove(Token(request.Payload));
        }

        return request with { ReqId = id };
    }

    /// <summary>Whose reply this is, under the caller's number; false for a stranger's.</summary>
    public bool Return(in XsReply reply, out ActorRef caller, out XsReply returned)
    {
        if (!Callers.Remove(reply.ReqId, out var found))
        {
            caller = ActorRef.None;
            returned = default;
            return false;
        }

        caller = found.Actor;
        returned = reply with { ReqId = found.ReqId };
        return true;
    }

    /// <summary>Nobody waits for an answer.</summary>
    public bool IsQuiet => Callers.Count == 0;

    public ActorRef WatcherOf(string token) => Watchers.GetValueOrDefault(token);

    // PATH NUL TOKEN NUL
    private static string Token(byte[] payload)
    {
        var text = System.Text.Encoding.Latin1.GetString(payload).Split('\0');
        return text.Length > 1 ? text[1] : "";
    }
}
