namespace XenActors.Toolstack.Xl;

/// <summary>kernel, ramdisk, command line and bootloader.</summary>
internal static class KernelSteps
{
    // libxl's XENFIRMWAREDIR, as distributions build it.
    private const string FirmwareDirectory = "/usr/lib/xen/boot";

    public static DomainConfig Kernel(XlConfigReader reader, DomainConfig config)
    {
        config = config with { Kernel = reader.String("kernel"), Ramdisk = reader.String("ramdisk") };
        reader.String("device_tree");
        var cmdline = reader.String("cmdline");
        var root = reader.String("root");
        var extra = reader.String("extra");
        if (cmdline != null && (root != null || extra != null))
        {
            reader.Warning("cmdline", "Warning: ignoring root= and extra= in favour of cmdline=");
        }

        var joined = root != null && extra != null ? $"root={root} {extra}" : root != null ? $"root={root}" : extra;
        config = config with { Cmdline = cmdline ?? joined, Root = root, Extra = extra };
        config = config with { DriverDomain = reader.Bool("driver_domain") };
        return config with { Acpi = reader.Bool("acpi") };
    }

    public static DomainConfig Bootloader(XlConfigReader reader, DomainConfig config)
    {
        config = config with { Bootloader = reader.String("bootloader") };
        if (reader.IsList("bootloader_args"))
        {
            return config with { BootloaderArgs = XlConfigReader.Texts(reader.Strings("bootloader_args")) };
        }

        if (reader.String("bootloader_args") is not { } text)
        {
            return config;
        }

        reader.Warning("bootloader_args", "WARNING: Specifying \"bootloader_args\" as a string is deprecated. "
            + "Please use a list of arguments.");
        return config with { BootloaderArgs = text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries) };
    }

    public static DomainConfig RequireKernel(XlConfigReader reader, DomainConfig config)
    {
        if (config.Type == DomainType.Hvm)
        {
            return config;
        }

        if (reader.String("firmware") is { } firmware)
        {
            if (config.Kernel != null)
            {
                reader.Fail("firmware", "ERROR: both kernel and firmware specified");
                return config;
            }

            if (!"pvgrub32".StartsWith(firmware, StringComparison.Ordinal)
                && !"pvgrub64".StartsWith(firmware, StringComparison.Ordinal))
            {
                reader.Fail("firmware", "ERROR: only pvgrub{32|64} supported as firmware options");
                return config;
            }

            config = config with { Kernel = $"{FirmwareDirectory}/{firmware}.bin" };
        }

        if (config.Bootloader == null && config.Kernel == null)
        {
            reader.Fail("kernel", "Neither kernel nor bootloader specified");
        }

        return config;
    }
}
