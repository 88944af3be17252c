namespace XenActors.Live.Nbd;

/// <summary>What an NBD server allows its clients.</summary>
public sealed record NbdServerOptions
{
    public static readonly NbdServerOptions Default = new();

    /// <summary>Connections at once; more of them wait to be accepted.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>How long a connection may take to choose an export; else one that says nothing would keep its place for ever.</summary>
    public TimeSpan HagglingMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one connection that may be on their way; then nothing more is read from it.</summary>
    public int RequestsMax { get; init; } = 128;

    /// <summary>
    /// Bytes that one connection's requests hold, are to bring, or have brought and it has not read; then nothing more is read from it. One request alone
    /// may be larger.
    /// </summary>
    public long BytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Connections that may wait to be accepted; the kernel caps it.</summary>
    public int Backlog { get; init; } = 1024;
}
