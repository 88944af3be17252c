using System.Text;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore;

/// <summary>What xenstored said to one request.</summary>
[Codec]
public readonly partial record struct XsAnswer(XenErrno Error, byte[]? Payload)
{
    /// <summary>A reply as the wire has it; one of type ERROR holds the error's name.</summary>
    public static XsAnswer Of(XsWireType type, ReadOnlySpan<byte> payload) =>
        type == XsWireType.Error
            ? new(XsWireError.Parse(Encoding.Latin1.GetString(payload).TrimEnd('\0')), null)
            : new(XenErrno.None, payload.ToArray());
}

/// <summary>
/// A client's side of a connection, as plain data inside its actor's state. A flow asks for several things, goes on when
/// <see cref="Waiting"/> is over, and reads the answers by path: no callbacks.
/// </summary>
/// <example>
/// case Step.Probe: xs.Read(Context, "device/vif/0/backend"); xs.Read(Context, "device/vif/0/backend-id"); step = Step.Probed; break;
/// case Step.Probed: var backend = xs.Text("device/vif/0/backend"); ...
/// with: public void On(in XsReply m) { if (State.Xs.Accept(in m)) Advance(); }
/// </example>
[Codec]
public sealed partial class XenstoreClient
{
    /// <summary>xenstored, or the kernel's <c>Xenbus</c> actor that shares one connection between its drivers.</summary>
    public ActorRef Server { get; set; }

    /// <summary>The open transaction; 0 outside of one.</summary>
    public uint Transaction { get; private set; }

    private uint NextRequest { get; set; } = 1;

    /// <summary>Request number to the key under which its answer is kept.</summary>
    private SortedDictionary<uint, string> Pending { get; set; } = [];

    private SortedDictionary<string, XsAnswer> Answers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether an answer is still out.</summary>
    public bool Waiting => Pending.Count > 0;

    public void Read(ActorContext context, string path) => Ask(context, XsWireType.Read, path, path + "\0");

    public void Directory(ActorContext context, string path) => Ask(context, XsWireType.Directory, "/" + path, path + "\0");

    public void Write(ActorContext context, string path, string value) => Ask(context, XsWireType.Write, path, $"{path}\0{value}");

    public void Mkdir(ActorContext context, string path) => Ask(context, XsWireType.Mkdir, path, path + "\0");

    public void Rm(ActorContext context, string path) => Ask(context, XsWireType.Rm, path, path + "\0");

    /// <summary>Permissions as on the wire: <c>n0</c>, <c>r29</c>, ...; the first one's domain is the owner.</summary>
    public void SetPerms(ActorContext context, string path, params ReadOnlySpan<string> permissions) =>
        Ask(context, XsWireType.SetPerms, path, $"{path}\0{string.Join('\0', permissions!)}\0");

    public void Watch(ActorContext context, string path, string token) => Ask(context, XsWireType.Watch, path, $"{path}\0{token}\0");

    public void Unwatch(ActorContext context, string path, string token) => Ask(context, XsWireType.Unwatch, path, $"{path}\0{token}\0");

    /// <summary>Everything until <see cref="End"/> belongs to it. Its number is known when the answer is in.</summary>
    public void Begin(ActorContext context) => Ask(context, XsWireType.TransactionStart, BeginKey, "\0");

    /// <summary>Commits. <see cref="Again"/> says afterwards whether to start anew.</summary>
    public void End(ActorContext context, bool commit = true)
    {
        Ask(context, XsWireType.TransactionEnd, EndKey, commit ? "T\0" : "F\0");
        Transaction = 0;
    }

    /// <summary>The last commit met EAGAIN: nothing of it has happened.</summary>
    public bool Again => ErrorOf(EndKey) == XenErrno.EAGAIN;

    public void Send(ActorContext context, XsWireType type, string key, string payload) => Ask(context, type, key, payload);

    /// <summary>Takes an answer in. True when nothing is out any more.</summary>
    public bool Accept(in XsReply reply)
    {
        if (!Pending.Remove(reply.ReqId, out var key))
        {
            return false;
        }

        var error = XenErrno.None;
        if (reply.Type == XsWireType.Error)
        {
            var name = Encoding.Latin1.GetString(reply.Payload).TrimEnd('\0');
            error = Enum.TryParse<XenErrno>(name, out var known) ? known : XenErrno.EIO;
        }

        Answers[key] = new(error, error == XenErrno.None ? reply.Payload : null);
        if (key == BeginKey && error == XenErrno.None)
        {
            Transaction = uint.Parse(Encoding.Latin1.GetString(reply.Payload).TrimEnd('\0'), System.Globalization.CultureInfo.InvariantCulture);
        }

        return Pending.Count == 0;
    }

    /// <summary>A node's value; null when it was not there or may not be read.</summary>
    public string? Text(string path) => Answers.TryGetValue(path, out var answer) && answer.Payload is { } bytes ? Encoding.Latin1.GetString(bytes) : null;

    /// <summary>A node's value as a decimal number; null when it is none.</summary>
    public long? Number(string path) =>
        long.TryParse(Text(path), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A state node; missing or unreadable is Unknown.</summary>
    public XenbusState State(string path) => Number(path) is >= 0 and <= 8 and var value ? (XenbusState)value : XenbusState.Unknown;

    /// <summary>The children that a directory listed, in the store's order.</summary>
    public string[] Children(string path) => Text("/" + path) is { Length: > 0 } list ? list.TrimEnd('\0').Split('\0') : [];

    public XenErrno ErrorOf(string path) => Answers.TryGetValue(path, out var answer) ? answer.Error : XenErrno.None;

    /// <summary>Forgets the answers of the step before.</summary>
    public void Forget() => Answers.Clear();

    private const string BeginKey = "(begin)";
    private const string EndKey = "(end)";

    private void Ask(ActorContext context, XsWireType type, string key, string payload)
    {
        var id = NextRequest++;
        Pending.Add(id, key);
        Answers.Remove(key);
        context.Tell(Server, new XsRequest(type, id, Transaction, Encoding.Latin1.GetBytes(payload)));
    }
}
