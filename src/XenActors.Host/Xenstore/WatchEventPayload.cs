namespace XenActors.Xenstore;

/// <summary>The payload of a WATCH_EVENT: path and token, each ended by a NUL. Source: <c>public/io/xs_wire.h</c>.</summary>
public static class WatchEventPayload
{
    /// <summary>How many bytes it takes.</summary>
    public static int Length(ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => path.Length + token.Length + 2;

    /// <summary>Writes it to the beginning of a buffer, and gives it from there.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> to, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        var payload = to[..Length(path, token)];
        path.CopyTo(payload);
        payload[path.Length] = 0;
        token.CopyTo(payload[(path.Length + 1)..]);
        payload[^1] = 0;
        return payload;
    }
}
