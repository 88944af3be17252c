using XenActors.Live.Nbd;

namespace XenActors.Live.Hosts;

/// <summary>A guest's disk for NBD clients: <c>--nbd DOMAIN/DEVICE=ADDRESS</c>.</summary>
/// <param name="Domain">The guest's name or number.</param>
/// <param name="Device">As in the guest's <c>/dev</c>.</param>
public sealed record NbdExportOption(string Domain, string Device, NbdAddress Address)
{
    /// <summary>Null when the text is none.</summary>
    public static NbdExportOption? Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var slash = equals < 0 ? -1 : text.IndexOf('/', 0, equals);
        return slash > 0 && slash < equals - 1 && NbdAddress.Parse(text[(equals + 1)..]) is { } address
            ? new(text[..slash], text[(slash + 1)..equals], address) : null;
    }

    public override string ToString() => $"{Domain}/{Device}={Address}";
}
