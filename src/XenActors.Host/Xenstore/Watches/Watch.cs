namespace XenActors.Xenstore;

/// <summary>A client's interest in a path; <paramref name="relative"/> ones are told paths without their home.</summary>
internal sealed class Watch(Connection connection, string node, byte[] token, bool relative, ulong order)
{
    public Connection Connection { get; } = connection;

    public string Node { get; } = node;

    public byte[] Token { get; } = token;

    public bool Relative { get; } = relative;

    public ulong Order { get; } = order;

    /// <summary>How the client wants to hear of a path at or below its own.</summary>
    public ReadOnlySpan<char> Told(string path)
    {
        if (!Relative) return path;
        var rest = path.AsSpan(Connection.Home.Length);
        return rest.Length > 0 && rest[0] == '/' ? rest[1..] : rest;
    }
}
