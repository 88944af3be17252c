namespace XenActors.Toolstack.Xl;

/// <summary>The part of a domain's configuration that xl reads for HVM guests only. Null was not given.</summary>
public sealed record HvmConfig
{
    /// <summary>Order of boot devices: c disk, d CD drive, n network, a floppy; any other letter is QEMU's to refuse.</summary>
    public string? Boot { get; init; }

    public BiosType? Bios { get; init; }

    /// <summary>A firmware path in place of the built-in one.</summary>
    public string? Firmware { get; init; }

    public bool? Pae { get; init; }

    public bool? AcpiS3 { get; init; }

    public bool? AcpiS4 { get; init; }

    public bool? Nx { get; init; }

    public bool? Hpet { get; init; }

    public bool? VptAlign { get; init; }

    public bool? Viridian { get; init; }

    /// <summary>The enlightenments asked for one by one; "!" takes one away.</summary>
    public IReadOnlyList<string> ViridianList { get; init; } = [];

    public bool? XenPlatformPci { get; init; }

    public bool? XenPlatformPciBarUc { get; init; }

    public bool? HvmPirq { get; init; }

    public HdType? HdType { get; init; }

    public VgaKind? Vga { get; init; }

    public VncConfig Vnc { get; init; } = new();

    public SdlConfig Sdl { get; init; } = new();

    public bool? Spice { get; init; }

    public bool? NoGraphic { get; init; }

    public string? Keymap { get; init; }

    public string? Serial { get; init; }

    /// <summary>Set instead of <see cref="Serial"/> if the file gives a list.</summary>
    public IReadOnlyList<string>? SerialList { get; init; }

    public bool? Usb { get; init; }

    public long? UsbVersion { get; init; }

    public string? UsbDevice { get; init; }

    /// <summary>Set instead of <see cref="UsbDevice"/> if the file gives a list.</summary>
    public IReadOnlyList<string>? UsbDeviceList { get; init; }

    public bool? VkbDevice { get; init; }

    public string? SoundHw { get; init; }
}
