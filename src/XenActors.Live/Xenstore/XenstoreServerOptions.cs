namespace XenActors.Live.Xenstore;

/// <summary>What a server on a socket allows its clients.</summary>
public sealed record XenstoreServerOptions
{
    public static readonly XenstoreServerOptions Default = new();

    /// <summary>While more than this waits for a client to read it, nothing more is read from that client.</summary>
    public int QueueSoft { get; init; } = 64 * 1024;

    /// <summary>A client for which more than this would wait (only watch events can) is closed.</summary>
    public int QueueHard { get; init; } = 8 * 1024 * 1024;

    /// <summary>Connections that may wait to be accepted; the kernel caps it.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Of clients that take turns with their transactions (see <see cref="TransactionTurns"/>), one that says nothing for so long loses its turn.</summary>
    public TimeSpan TurnIdle { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>One that keeps it for so long loses it, too, and nobody waits longer.</summary>
    public TimeSpan TurnMost { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The directory with guests' rings; null when guests are introduced by name only.</summary>
    public string? GuestRings { get; init; }

    /// <summary>Where what clients say and are told is logged; null for nowhere. It is closed with the server.</summary>
    public AccessLog? Log { get; init; }
}
