namespace XenActors.Xenstore;

/// <summary>The strings of a request's payload, each ended by a NUL.</summary>
internal static class WirePayload
{
    /// <summary>The one string that a payload is, without its NUL; false if there is less or more.</summary>
    public static bool TryOne(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (payload.Length == 0 || payload.IndexOf((byte)0) != payload.Length - 1) return false;
        text = payload[..^1];
        return true;
    }

    /// <summary>The two strings that a payload is; bytes behind the second NUL do not count.</summary>
    public static bool TryTwo(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        second = default;
        return TryNext(ref payload, out first) && TryNext(ref payload, out second) && payload.IndexOf((byte)0) < 0;
    }

    /// <summary>Takes the next string; what follows stays in <paramref name="rest"/>.</summary>
    public static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        var end = rest.IndexOf((byte)0);
        if (end < 0) return false;
        text = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
