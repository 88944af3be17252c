using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>A guest whose creation is under way or done.</summary>
[Codec]
public sealed partial class GuestEntry
{
    public required ushort Domain { get; init; }

    public required int Slot { get; init; }

    /// <summary>The xl process.</summary>
    public required ActorRef Process { get; init; }

    /// <summary>The domain that the order named: the guest's first life.</summary>
    public required ushort Origin { get; init; }

    /// <summary>Who ordered it.</summary>
    public required ActorRef Requester { get; init; }

    public required CreateGuest Request { get; init; }

    public string Name { get; set; } = "";

    public string Uuid { get; set; } = "";

    /// <summary>The creation has ended well.</summary>
    public bool Stands { get; set; }
}

/// <summary>The toolstack: which guests it has made.</summary>
[Codec]
public sealed partial class LibxlState
{
    public HostProfile? Host { get; set; }

    public Dom0Peers? Peers { get; set; }

    public SortedDictionary<ushort, GuestEntry> Guests { get; private set; } = [];

    /// <summary>Numbers, each with a process, that are kept for a guest's further lives, by the number of its first.</summary>
    public SortedDictionary<ushort, List<ushort>> Spares { get; private set; } = [];

    /// <summary>The number of a guest's life now, or of its last one, by the number of its first.</summary>
    public SortedDictionary<ushort, ushort> Latest { get; private set; } = [];

    internal int Started { get; set; }

    public static LibxlState Create(HostProfile host, Dom0Peers peers) => new() { Host = host, Peers = peers };
}
