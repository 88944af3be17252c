using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>What a line of the daemon's trace tells of a connection.</summary>
public enum TraceKind
{
    /// <summary>The connection has begun.</summary>
    Created,

    /// <summary>The connection has ended.</summary>
    Destroyed,

    /// <summary>The connection broke the protocol or could not be written to: it is not heard any more.</summary>
    Ignored,

    /// <summary>A request that the daemon has begun to handle.</summary>
    In,

    /// <summary>A reply or an event that the daemon has begun to send.</summary>
    Out,
}

/// <summary>A line of the daemon's trace that is about a connection; other lines change nothing that clients see.</summary>
/// <param name="Line">Where it begins, counted from 1; a payload with line feeds goes on below.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Connection">The daemon's own name for the connection, used again once the connection is gone.</param>
/// <param name="Type">The message's type, of <see cref="TraceKind.In"/> and <see cref="TraceKind.Out"/>; null when the daemon had no name for it.</param>
/// <param name="Text">The payload as Latin-1 characters, NULs as spaces.</param>
public sealed record TraceEntry(int Line, TraceKind Kind, string Connection, XsWireType? Type = null, string Text = "")
{
    /// <summary>A reply's request, or a request's reply, where the trace has both.</summary>
    public TraceEntry? Partner { get; internal set; }

    public bool IsReply => Kind == TraceKind.Out && Type != XsWireType.WatchEvent;

    /// <summary>The error that a reply is; null when it is none.</summary>
    public string? Error => Kind == TraceKind.Out && Type == XsWireType.Error ? Text.TrimEnd(' ') : null;

    public override string ToString() => Kind is TraceKind.In or TraceKind.Out ? $"{Kind} {Connection} {Message} in line {Line}" : $"{Kind} {Connection} in line {Line}";

    /// <summary>The message as the trace has it.</summary>
    public string Message => $"{TraceNames.Of(Type)} ({Text})";
}
