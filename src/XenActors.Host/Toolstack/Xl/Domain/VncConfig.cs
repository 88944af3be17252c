namespace XenActors.Toolstack.Xl;

/// <summary>libxl_vnc_info.</summary>
public sealed record VncConfig
{
    public bool? Enable { get; init; }

    /// <summary>Address, with <c>:display</c> perhaps; libxl takes 127.0.0.1.</summary>
    public string? Listen { get; init; }

    public string? Passwd { get; init; }

    public long Display { get; init; }

    /// <summary>Take the first free display from <see cref="Display"/> on.</summary>
    public bool? FindUnused { get; init; }
}
