namespace XenActors.Tests.Live.Differential;

/// <summary>A client's end of a socket or a ring: bytes out, bytes in.</summary>
internal interface IDaemonClient : IDisposable
{
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Fills the span, or throws <see cref="DaemonException"/> if the daemon does not answer.</summary>
    void Receive(Span<byte> bytes);
}
