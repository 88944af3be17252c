namespace XenActors.Toolstack.Xl;

/// <summary>A paravirtual framebuffer (libxl_device_vfb); a keyboard device comes with each.</summary>
public sealed record VfbSpec
{
    public VncConfig Vnc { get; init; } = new();

    public SdlConfig Sdl { get; init; } = new();

    public string? Keymap { get; init; }
}
