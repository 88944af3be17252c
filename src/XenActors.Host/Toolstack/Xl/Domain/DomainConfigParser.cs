namespace XenActors.Toolstack.Xl;

/// <summary>xl's reading of a configuration file: the same checks in the same order, ending where xl ends.</summary>
public static class DomainConfigParser
{
    /// <summary>Parses a file's text; never throws for what stands in it.</summary>
    public static DomainConfigResult Parse(string text, string fileName) => Read(XlParser.Parse(text, fileName));

    /// <summary>Reads a parsed file.</summary>
    public static DomainConfigResult Read(XlConfigFile file)
    {
        var log = new DiagnosticLog(file.FileName);
        log.AddRange(file.Diagnostics);
        if (!file.IsValid)
        {
            return new DomainConfigResult(null, log.Lines, 1);
        }

        WarnOfUnknownKeys(file, log);
        var reader = new XlConfigReader(file, log);
        var config = new DomainConfig { File = file };
        foreach (var step in Steps)
        {
            config = step(reader, config);
            if (reader.ExitCode != 0)
            {
                return new DomainConfigResult(null, log.Lines, reader.ExitCode);
            }
        }

        return new DomainConfigResult(config, log.Lines, 0);
    }

    // xl's order, which decides what of several mistakes is reported.
    private static readonly Func<XlConfigReader, DomainConfig, DomainConfig>[] Steps =
    [
        IdentitySteps.Type,
        IdentitySteps.Names,
        ResourceSteps.Scheduler,
        ResourceSteps.MemoryAndVcpus,
        ResourceSteps.GrantFrames,
        ActionSteps.Read,
        PlatformSteps.Early,
        PlatformSteps.Tsc,
        PlatformSteps.Clock,
        KernelSteps.Kernel,
        KernelSteps.Bootloader,
        PlatformSteps.Timer,
        HvmSteps.Firmware,
        HvmSteps.Chipset,
        HvmSteps.Viridian,
        KernelSteps.RequireKernel,
        DeviceSteps.Disks,
        DeviceSteps.Nics,
        DeviceSteps.Vfbs,
        DeviceModelSteps.Version,
        DeviceModelSteps.Arguments,
        DisplaySteps.TopLevel,
        DisplaySteps.Vga,
        HvmSteps.Ports,
        PlatformSteps.Late,
    ];

    private static void WarnOfUnknownKeys(XlConfigFile file, DiagnosticLog log)
    {
        foreach (var setting in file.Settings)
        {
            if (XlKeys.Find(setting.Key) == null)
            {
                var meant = XlKeys.Suggest(setting.Key) is { } key ? $", did you mean `{key}'?" : "";
                var message = $"warning: unknown parameter `{setting.Key}'; xl ignores it{meant}";
                log.AtLine(
                    DiagnosticSeverity.Warning, DiagnosticOrigin.XenActors, setting.Position.Line, message, setting.Position);
            }
        }
    }
}
