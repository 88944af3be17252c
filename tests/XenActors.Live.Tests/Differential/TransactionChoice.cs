namespace XenActors.Tests.Live.Differential;

/// <summary>Which transaction a request names: one that its client has open when its turn comes, if any, or an id whatever it means.</summary>
/// <param name="Open">The how-manieth of the open ones, round and round; negative for <paramref name="Id"/>.</param>
/// <param name="Id">An id; 0 is none.</param>
internal readonly record struct TransactionChoice(int Open, uint Id)
{
    public static readonly TransactionChoice None = Literal(0);

    public static TransactionChoice Literal(uint id) => new(-1, id);

    public static TransactionChoice OfOpen(int number) => new(number, 0);

    /// <summary>The id, given those that are open.</summary>
    public uint Resolve(IReadOnlyList<uint> open) => Open < 0 ? Id : open.Count == 0 ? 0 : open[Open % open.Count];
}
