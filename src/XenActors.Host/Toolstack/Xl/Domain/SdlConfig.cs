namespace XenActors.Toolstack.Xl;

/// <summary>libxl_sdl_info.</summary>
public sealed record SdlConfig
{
    public bool? Enable { get; init; }

    public bool? OpenGl { get; init; }

    public string? Display { get; init; }

    public string? XAuthority { get; init; }
}
