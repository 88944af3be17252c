using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>Whether a reply is the trace's, as far as the trace tells and a client may rely on it.</summary>
internal static class TraceAgreement
{
    /// <param name="reply">The trace's.</param>
    /// <param name="said">The store's.</param>
    /// <param name="older">The connection is older than the trace.</param>
    public static bool IsSame(TraceEntry reply, TraceSaid said, bool older)
    {
        if (reply.Type != said.Type) return false;
        return reply.Type switch
        {
            // Its number counts from the connection's birth.
            XsWireType.TransactionStart => older || reply.Text == said.Text,
            // A generation counts from the daemon's.
            XsWireType.DirectoryPart => TracePayload.Split(reply.Text).Behind == TracePayload.Split(said.Text).Behind,
            // Each daemon has words of its own.
            XsWireType.Control => true,
            XsWireType.Error => reply.Text == said.Text || IsMalformed(reply.Partner!),
            _ => reply.Text == said.Text,
        };
    }

    // A request that lacks its NUL, or has two strings for one, is answered with any error.
    private static bool IsMalformed(TraceEntry request) => request.Type switch
    {
        XsWireType.Read or XsWireType.Directory or XsWireType.GetPerms or XsWireType.Mkdir or XsWireType.Rm or XsWireType.TransactionEnd or XsWireType.Release
            or XsWireType.GetDomainPath or XsWireType.IsDomainIntroduced or XsWireType.Resume => !request.Text.EndsWith(' ') || request.Text[..^1].Contains(' ', StringComparison.Ordinal),
        _ => false,
    };
}
