using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Console;

/// <summary>A domain's console as the daemon knows it.</summary>
[Codec]
public sealed partial class ConsoleEntry
{
    /// <summary>The pty, once the domain's ring was found.</summary>
    public string Tty { get; set; } = "";

    /// <summary>The daemon's end of the console's event channel; 0 for none.</summary>
    public uint Port { get; set; }
}

/// <summary>xenconsoled: which domains it knows.</summary>
[Codec]
public sealed partial class XenconsoledState
{
    public XenstoreClient Xs { get; set; } = new();

    public SortedDictionary<ushort, ConsoleEntry> Consoles { get; private set; } = [];

    /// <summary>The domains whose nodes are being read.</summary>
    internal List<ushort> Queue { get; private set; } = [];

    internal ushort Current { get; set; }

    internal XenconsoledStep Step { get; set; }

    internal bool ListAgain { get; set; }

    public static XenconsoledState Create(ActorRef xenstored) => new() { Xs = new() { Server = xenstored } };
}

/// <summary>A pseudoterminal stands ready for a domain's console.</summary>
[Codec]
public readonly partial record struct PtyOpened;

/// <summary>What the daemon is waiting for.</summary>
public enum XenconsoledStep
{
    Idle,
    Watching,
    Listing,
    WatchingConsole,
    ReadingRing,
    ReadingLimit,
    OpeningPty,
    WritingTty,
}
