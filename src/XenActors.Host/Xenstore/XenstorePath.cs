using System.Buffers;

namespace XenActors.Xenstore;

/// <summary>The rules for node names. Inside the core a path is its bytes as Latin-1 characters.</summary>
internal static class XenstorePath
{
    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@");

    public const string IntroduceDomain = "@introduceDomain";
    public const string ReleaseDomain = "@releaseDomain";

    public static bool IsValid(ReadOnlySpan<char> path, int lengthMax)
    {
        if (path.Length == 0 || path[0] != '/') return false;
        if (path.Length > 1 && path[^1] == '/') return false;
        if (path.Length > lengthMax + HomePrefix(path)) return false;
        return !path.ContainsAnyExcept(Legal) && path.IndexOf("//") < 0;
    }

    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Child(string parent, string name) => parent.Length == 1 ? "/" + name : string.Concat(parent, "/", name);

    // "/local/domain/N/" does not count against the length. C reads N with %5u: a sign is one of the five.
    private static int HomePrefix(ReadOnlySpan<char> path)
    {
        const string home = "/local/domain/";
        if (!path.StartsWith(home)) return 0;
        var digits = path.Length > home.Length && path[home.Length] == '-' ? home.Length + 1 : home.Length;
        var end = digits;
        while (end < path.Length && end < home.Length + 5 && char.IsAsciiDigit(path[end])) end++;
        return end > digits && end < path.Length && path[end] == '/' ? end + 1 : 0;
    }
}
