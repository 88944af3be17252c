namespace XenActors.Toolstack.Xl;

/// <summary>on_poweroff and its kin.</summary>
internal static class ActionSteps
{
    public static DomainConfig Read(XlConfigReader reader, DomainConfig config)
    {
        config = config with { OnPoweroff = Action(reader, "on_poweroff", config.OnPoweroff) };
        config = config with { OnReboot = Action(reader, "on_reboot", config.OnReboot) };
        config = config with { OnWatchdog = Action(reader, "on_watchdog", config.OnWatchdog) };
        config = config with { OnCrash = Action(reader, "on_crash", config.OnCrash) };
        return config with { OnSoftReset = Action(reader, "on_soft_reset", config.OnSoftReset) };
    }

    private static ShutdownAction Action(XlConfigReader reader, string key, ShutdownAction byDefault)
    {
        // Nothing more is read once xl has given up, so a second bad action stays unreported.
        if (reader.ExitCode != 0 || reader.String(key) is not { } text)
        {
            return byDefault;
        }

        var action = XlNames.Find(XlNames.ShutdownActions, text, StringComparison.Ordinal);
        if (action == null)
        {
            reader.Fail(key, $"Unknown {key} action \"{text}\" specified");
        }

        return action ?? byDefault;
    }
}
