namespace XenActors.Toolstack.Xl;

/// <summary>device_model_*.</summary>
internal static class DeviceModelSteps
{
    public static DomainConfig Version(XlConfigReader reader, DomainConfig config)
    {
        if (reader.String("device_model") is { } ignored)
        {
            var hint = !ignored.Contains("stubdom-dm", StringComparison.Ordinal) ? ""
                : config.Type == DomainType.Hvm
                    ? "\nWARNING: Or use \"device_model_stubdomain_override\" if you  want to enable stubdomains"
                    : "\nWARNING: ignoring \"device_model_stubdomain_override\" directive for pv guest";
            reader.Warning("device_model", "WARNING: ignoring device_model directive.\n"
                + "WARNING: Use \"device_model_override\" instead if you really want a non-default device_model" + hint);
        }

        config = config with { DeviceModelOverride = reader.String("device_model_override") };
        if (reader.String("device_model_version") is { } text)
        {
            var version = XlNames.Find(XlNames.DeviceModelVersions, text, StringComparison.Ordinal);
            if (version == null)
            {
                reader.Fail("device_model_version", $"Unknown device_model_version \"{text}\" specified");
                return config;
            }

            config = config with { DeviceModelVersion = version };
        }
        else if (config.DeviceModelOverride != null)
        {
            reader.Warning("device_model_override", "WARNING: device model override given without specific DM version");
        }

        return config with { DeviceModelStubdomain = reader.Bool("device_model_stubdomain_override") };
    }

    public static DomainConfig Arguments(XlConfigReader reader, DomainConfig config)
    {
        config = config with { DeviceModelArgs = List(reader, "device_model_args") };
        config = config with { DeviceModelArgsPv = List(reader, "device_model_args_pv") };
        return config with { DeviceModelArgsHvm = List(reader, "device_model_args_hvm") };
    }

    private static IReadOnlyList<string> List(XlConfigReader reader, string key)
    {
        if (reader.ExitCode != 0 || !reader.Has(key))
        {
            return [];
        }

        var list = reader.Strings(key);
        if (list == null)
        {
            reader.Fail(key, $"xl: Unable to parse {key}.", 3);
        }

        return XlConfigReader.Texts(list);
    }
}
