namespace XenActors.Toolstack.Xl;

/// <summary>What each item of a disk specification does to the disk.</summary>
internal static class DiskItems
{
    /// <summary>Keys with a value of their own; any value of them is taken up to the next comma.</summary>
    public static readonly string[] Keys =
    [
        "format", "devtype", "access", "backend", "backendtype", "specification", "vdev", "script", "colo-host",
        "colo-port", "colo-export", "active-disk", "hidden-disk",
    ];

    /// <summary>No flag is the beginning of another one that stands behind it.</summary>
    public static readonly string[] Flags =
    [
        "cdrom", "direct-io-safe", "discard", "no-discard", "colo", "no-colo", "trusted", "untrusted",
        "grant_usage=1", "grant_usage=0",
    ];

    public static void KeyValue(string text, DiskSpecState state)
    {
        var stripped = text.EndsWith(',') ? text[..^1] : text;
        var equals = stripped.IndexOf('=');
        var value = stripped[(equals + 1)..];
        switch (stripped[..equals])
        {
            case "format":
                state.SetFormat(value);
                break;
            case "devtype" when value is "cdrom" or "disk":
                state.Disk = state.Disk with { IsCdrom = value == "cdrom" };
                break;
            case "devtype":
                state.Error(text, "unknown value for type");
                break;
            case "access":
                state.SetAccess(value);
                break;
            case "backend":
                state.SetBackendDomain(value);
                break;
            case "backendtype":
                state.SetBackendType(value);
                break;
            case "specification":
                state.SetSpecification(value);
                break;
            case "vdev":
                state.SetVdev(value);
                break;
            case "script":
                state.SetScript(value);
                break;
            case "target":
                state.SetTarget(value);
                break;
            default:
                state.SetColo(stripped[..equals], value);
                break;
        }
    }

    public static void Flag(string flag, DiskSpecState state) => state.Disk = flag switch
    {
        "cdrom" => state.Disk with { IsCdrom = true },
        "direct-io-safe" => state.Disk with { DirectIoSafe = true },
        "discard" => state.Disk with { Discard = true },
        "no-discard" => state.Disk with { Discard = false },
        "colo" => state.Disk with { Colo = true },
        "no-colo" => state.Disk with { Colo = false },
        "trusted" => state.Disk with { Trusted = true },
        "untrusted" => state.Disk with { Trusted = false },
        "grant_usage=1" => state.Disk with { GrantUsage = true },
        "grant_usage=0" => state.Disk with { GrantUsage = false },
        _ => throw new InvalidOperationException($"no flag {flag}"),
    };

    /// <returns>False if xl stops reading the specification here.</returns>
    public static bool Positional(string text, DiskSpecState state)
    {
        if (state.Failed)
        {
            // An earlier error may just lead to others.
            return true;
        }

        if (state.Disk.PdevPath == null)
        {
            state.SetTarget(text);
        }
        else if (!state.HadDeprecatedPrefix && state.Disk.Format == DiskFormat.Unknown)
        {
            if (state.Disk.PdevPath.Length == 0 && VdevAndDevtype(text, state))
            {
                state.Disk = state.Disk with { Format = DiskFormat.Empty };
            }
            else
            {
                state.SetFormat(text);
            }
        }
        else if (!state.HasVdev)
        {
            if (!VdevAndDevtype(text, state))
            {
                state.SetVdev(text);
            }
        }
        else if (!state.AccessSet)
        {
            state.AccessSet = true;
            state.SetAccess(text);
        }
        else
        {
            state.Error(text, "too many positional parameters");
            return false;
        }

        return true;
    }

    private static bool VdevAndDevtype(string text, DiskSpecState state)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return false;
        }

        state.SetVdev(text[..colon]);
        var devtype = text[(colon + 1)..];
        if (devtype is "cdrom" or "disk")
        {
            state.Disk = state.Disk with { IsCdrom = devtype == "cdrom" };
        }
        else
        {
            state.Error(devtype, "unknown deprecated type");
        }

        return true;
    }
}
