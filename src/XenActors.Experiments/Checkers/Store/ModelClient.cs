using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Store;

/// <summary>A client's wish to hear of a path.</summary>
internal sealed record ModelWatch(ModelClient Client, string Path, string Token, bool Relative)
{
    /// <summary>How the client is told of a path.</summary>
    public string Told(string path)
    {
        if (!Relative || path[0] == '@')
        {
            return path;
        }

        var rest = path[Client.Home.Length..];
        return rest.StartsWith('/') ? rest[1..] : rest;
    }
}

/// <summary>What a transaction asked, and what it was answered: the proof that it has a place in the order of commits.</summary>
internal readonly record struct ModelStep(XsWireType Type, ReadOnlyMemory<byte> Payload, XsWireType Answer, ReadOnlyMemory<byte> Reply);

/// <summary>An open transaction.</summary>
internal sealed class ModelTransaction(uint id, long began)
{
    public uint Id { get; } = id;

    /// <summary>The number of the request that began it.</summary>
    public long Began { get; } = began;

    public List<ModelStep> Steps { get; } = [];
}

/// <summary>A connection to the store.</summary>
internal sealed class ModelClient(int connection, ushort domain, bool ring)
{
    public int Connection { get; } = connection;

    public ushort Domain { get; } = domain;

    /// <summary>It hears through a ring page: its replies are no messages.</summary>
    public bool Ring { get; } = ring;

    public bool Privileged => Domain == 0;

    public string Home { get; } = $"/local/domain/{domain}";

    public List<ModelWatch> Watches { get; } = [];

    public List<ModelTransaction> Transactions { get; } = [];

    /// <summary>Replies that have left the daemon and not come to the client: the first that left first.</summary>
    public List<(uint ReqId, XsWireType Type, ReadOnlyMemory<byte> Payload)> Underway { get; } = [];

    public ModelTransaction? Find(uint id) => Transactions.Find(t => t.Id == id);
}
