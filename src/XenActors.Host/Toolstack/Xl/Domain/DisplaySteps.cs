namespace XenActors.Toolstack.Xl;

/// <summary>vnc*, sdl, vga, keymap, spice.</summary>
internal static class DisplaySteps
{
    public static DomainConfig TopLevel(XlConfigReader reader, DomainConfig config)
    {
        if (config.Type == DomainType.Pv && config.Vfbs.Count == 0)
        {
            if (reader.Number("vnc") is { } on && on != 0)
            {
                var vfb = new VfbSpec { Vnc = Vnc(reader), Sdl = Sdl(reader), Keymap = reader.String("keymap") };
                config = config with { Vfbs = [vfb] };
            }
        }
        else
        {
            var vnc = Vnc(reader);
            var sdl = Sdl(reader);
            config = config with { Hvm = config.Hvm == null ? null : config.Hvm with { Vnc = vnc, Sdl = sdl } };
        }

        return config with { DmRestrict = reader.Bool("dm_restrict") };
    }

    public static DomainConfig Vga(XlConfigReader reader, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            return config;
        }

        if (reader.String("vga") is { } text)
        {
            hvm = hvm with { Vga = XlNames.Find(XlNames.VgaKinds, text, StringComparison.Ordinal) };
            if (hvm.Vga == null)
            {
                reader.Fail("vga", $"Unknown vga \"{text}\" specified");
                return config;
            }
        }
        else if (reader.Number("stdvga") is { } std)
        {
            hvm = hvm with { Vga = std != 0 ? VgaKind.Std : VgaKind.Cirrus };
        }

        if (reader.String("hdtype") is { } hdtype)
        {
            hvm = hvm with { HdType = XlNames.Find(XlNames.HdTypes, hdtype, StringComparison.OrdinalIgnoreCase) };
            if (hvm.HdType == null)
            {
                reader.Fail("hdtype", $"ERROR: invalid value \"{hdtype}\" for \"hdtype\"");
                return config;
            }
        }

        hvm = hvm with { Keymap = reader.String("keymap"), Spice = reader.Bool("spice"), NoGraphic = reader.Bool("nographic") };
        return config with { Hvm = hvm };
    }

    private static VncConfig Vnc(XlConfigReader reader) => new()
    {
        Enable = reader.Bool("vnc"),
        Listen = reader.String("vnclisten"),
        Passwd = reader.String("vncpasswd"),
        Display = reader.Number("vncdisplay") ?? 0,
        FindUnused = reader.Bool("vncunused"),
    };

    private static SdlConfig Sdl(XlConfigReader reader) => new()
    {
        Enable = reader.Bool("sdl"),
        OpenGl = reader.Bool("opengl"),
        Display = reader.String("display"),
        XAuthority = reader.String("xauthority"),
    };
}
