namespace XenActors.Toolstack.Xl;

/// <summary>Clocks, and switches that belong to no device.</summary>
internal static class PlatformSteps
{
    public static DomainConfig Early(XlConfigReader reader, DomainConfig config)
    {
        if (config.Type == DomainType.Pv)
        {
            config = config with { E820Host = reader.Bool("e820_host") };
        }

        reader.Number("pci_msitranslate");
        reader.Number("pci_power_mgmt");
        reader.Number("pci_permissive");
        reader.Number("pci_seize");
        reader.Strings("pci");
        return config with { ShadowMemory = reader.Number("shadow_memory"), NoMigrate = reader.Bool("nomigrate") };
    }

    public static DomainConfig Tsc(XlConfigReader reader, DomainConfig config)
    {
        if (reader.IsNumber("tsc_mode", out var number))
        {
            return ByNumber(reader, "tsc_mode", number, XlNames.TscModes) is { } mode ? config with { TscMode = mode } : config;
        }

        if (reader.String("tsc_mode") is { } text)
        {
            reader.Note("tsc_mode", $"got a tsc mode string: \"{text}\"");
            return ByName(reader, "tsc_mode", text, XlNames.TscModes) is { } mode ? config with { TscMode = mode } : config;
        }

        return config;
    }

    public static DomainConfig Clock(XlConfigReader reader, DomainConfig config)
    {
        config = config with { RtcTimeoffset = reader.Number("rtc_timeoffset") };
        if (reader.Number("vncviewer") != null)
        {
            reader.Warning("vncviewer", "WARNING: ignoring \"vncviewer\" option. "
                + "Use \"-V\" option of \"xl create\" to automatically spawn vncviewer.");
        }

        config = config with { Localtime = reader.Bool("localtime"), VideoRam = reader.Number("videoram") };
        return config with { EventChannels = reader.Number("max_event_channels") };
    }

    public static DomainConfig Timer(XlConfigReader reader, DomainConfig config)
    {
        var isNumber = reader.IsNumber("timer_mode", out var number);
        var text = isNumber ? null : reader.String("timer_mode");
        if ((isNumber || text != null) && config.Type == DomainType.Pv)
        {
            reader.Fail("timer_mode", "ERROR: \"timer_mode\" option is not supported for PV guests.", 3);
            return config;
        }

        var mode = isNumber ? ByNumber(reader, "timer_mode", number, XlNames.TimerModes)
            : text != null ? ByName(reader, "timer_mode", text, XlNames.TimerModes)
            : null;
        return reader.ExitCode != 0 ? config : config with { TimerMode = mode, NestedHvm = reader.Bool("nestedhvm") };
    }

    public static DomainConfig Late(XlConfigReader reader, DomainConfig config)
    {
        reader.Bool("xend_suspend_evtchn_compat");
        if (reader.Bool("msr_relaxed") != null)
        {
            reader.Warning("msr_relaxed", "WARNING: msr_relaxed will be removed in future versions.\n"
                + "If it fixes an issue you are having please report to xen-devel@lists.xenproject.org.");
        }

        return config;
    }

    private static T? ByNumber<T>(XlConfigReader reader, string key, long number, (string Name, T Value)[] names)
        where T : struct, Enum
    {
        var known = number >= 0 && number < names.Length;
        var example = known ? $"e.g. {key}=\"{names[number].Name}\"" : "";
        reader.Warning(key, $"WARNING: specifying \"{key}\" as an integer is deprecated. "
            + $"Please use the named parameter variant. {example}");
        if (known)
        {
            return names[number].Value;
        }

        reader.Fail(key, $"ERROR: invalid value {number} for \"{key}\"");
        return null;
    }

    private static T? ByName<T>(XlConfigReader reader, string key, string text, (string Name, T Value)[] names)
        where T : struct, Enum
    {
        var value = XlNames.Find(names, text, StringComparison.OrdinalIgnoreCase);
        if (value == null)
        {
            reader.Fail(key, $"ERROR: invalid value \"{text}\" for \"{key}\"");
        }

        return value;
    }
}
