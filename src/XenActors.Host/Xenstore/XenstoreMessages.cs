using System.Text;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore;

/// <summary>
/// A request to xenstored: the fields of <c>struct xsd_sockmsg</c> and its payload. A client is known by its sender: the first
/// request opens its connection. Source: <c>public/io/xs_wire.h</c>.
/// </summary>
[Codec]
public readonly partial record struct XsRequest(XsWireType Type, uint ReqId, uint TxId, byte[] Payload)
{
    public override string ToString() => $"{Type} #{ReqId} tx{TxId} ({XsText.Of(Payload)})";
}

/// <summary>xenstored's answer: the request's type, or ERROR with the errno's name.</summary>
[Codec]
public readonly partial record struct XsReply(XsWireType Type, uint ReqId, uint TxId, byte[] Payload)
{
    public override string ToString() => $"{Type} #{ReqId} tx{TxId} ({XsText.Of(Payload)})";
}

/// <summary>A watch has fired: path as registered (relative stays relative), and token.</summary>
[Codec]
public readonly partial record struct XsWatchEvent(string Path, string Token);

/// <summary>The client is gone (a process has ended, a socket was closed).</summary>
[Codec]
public readonly partial record struct XsDisconnect;

/// <summary>The client is gone, and its sender wants to know from when on nothing more comes: <see cref="XsClosed"/> is the last word.</summary>
[Codec]
public readonly partial record struct XsClose;

/// <summary>The answer to <see cref="XsClose"/>: the connection is closed, and nothing more comes.</summary>
[Codec]
public readonly partial record struct XsClosed;

/// <summary>From the hypervisor: some domain has shut down or died (VIRQ_DOM_EXC).</summary>
[Codec]
public readonly partial record struct DomainStateChanged(ushort Domain, bool Gone);

/// <summary>
/// An injection point: from now on a commit meets a conflict (EAGAIN) with this chance, as if somebody else had come between. 0 ends it.
/// </summary>
[Codec]
public readonly partial record struct ForceConflicts(double Chance);

/// <summary>
/// To xenstored: it ends and comes back. With its state kept (a live update) it waits until no transaction is open, hands over nodes, watches and
/// connections, and fires every watch once; else nodes, watches, transactions and connections are lost, and guests are not introduced any more.
/// </summary>
[Codec]
public readonly partial record struct RestartXenstored(bool KeepState);

/// <summary>To the requester: a live update has happened, or open transactions have kept it from happening for its minute.</summary>
[Codec]
public readonly partial record struct XenstoredRestarted(bool Ok);

/// <summary>xenstored's timer: it looks once more whether transactions are open.</summary>
[Codec]
public sealed partial record LiveUpdateDue(ActorRef Requester, int Tries);

internal static class XsText
{
    /// <summary>NULs as spaces, as xenstored's own trace prints them.</summary>
    public static string Of(byte[] payload) => Encoding.Latin1.GetString(payload).Replace('\0', ' ');
}
