using System.Globalization;
using XenActors.Experiments;

namespace XenActors.Live.Nbd;

/// <summary>Where an NBD server listens: a Unix socket or a port of 127.0.0.1.</summary>
/// <param name="Path">Of the Unix socket; empty for a port.</param>
/// <param name="Port">0: any that is free.</param>
public readonly record struct NbdAddress(string Path, int Port)
{
    private const string Unix = "unix:";
    private const string Loopback = "127.0.0.1:";

    public static NbdAddress OfPath(string path) => new(path, 0);

    public static NbdAddress OfPort(int port) => new("", port);

    /// <summary>Null when the text is none.</summary>
    public static NbdAddress? Parse(string text)
    {
        if (text.StartsWith(Unix, StringComparison.Ordinal) && text.Length > Unix.Length) return OfPath(text[Unix.Length..]);
        return text.StartsWith(Loopback, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Loopback.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue
            ? OfPort(port) : null;
    }

    /// <summary>As NBD's clients take it.</summary>
    public string Uri => Path.Length > 0
        ? $"nbd+unix:///?socket={System.Uri.EscapeDataString(System.IO.Path.GetFullPath(Path)).Replace("%2F", "/", StringComparison.Ordinal)}"
        : string.Create(CultureInfo.InvariantCulture, $"nbd://127.0.0.1:{Port}");

    public override string ToString() => Path.Length > 0 ? Unix + Path : string.Create(CultureInfo.InvariantCulture, $"{Loopback}{Port}");
}
