namespace XenActors.Toolstack.Xl;

/// <summary>The disk that a specification fills, and what xl remembers between its items.</summary>
internal sealed class DiskSpecState(DiagnosticLog log, SourcePosition? at)
{
    private string? _vdev;

    /// <summary>The string now being read, quoted in every error.</summary>
    public string Spec { get; set; } = "";

    public DiskSpec Disk { get; set; } = new() { ReadWrite = true };

    public bool HadDeprecatedPrefix { get; set; }

    public bool AccessSet { get; set; }

    public bool HasVdev => _vdev != null;

    public bool Failed { get; private set; }

    public DiskSpecResult Result(DiskSpec? disk) => new(disk, log.Lines);

    public void Error(string? near, string message)
    {
        var token = near == null ? "" : $": near `{near}'";
        var text = $"config parsing error in disk specification: {message}{token} in `{Spec}'";
        log.Add(new Diagnostic(DiagnosticSeverity.Error, DiagnosticOrigin.Xl, $"{log.File}: {text}", text, log.File, at));
        Failed = true;
    }

    public void SetFormat(string text)
    {
        DiskFormat? format = text switch
        {
            "" or "raw" => DiskFormat.Raw,
            "qcow" => DiskFormat.Qcow,
            "qcow2" => DiskFormat.Qcow2,
            "vhd" => DiskFormat.Vhd,
            "empty" => DiskFormat.Empty,
            "qed" => DiskFormat.Qed,
            _ => null,
        };
        Disk = Disk with { Format = Choose(Disk.Format, format, "format", text, DiskFormat.Unknown) };
    }

    public void SetBackendType(string text)
    {
        DiskBackend? backend = text switch
        {
            "phy" => DiskBackend.Phy,
            "tap" => DiskBackend.Tap,
            "qdisk" => DiskBackend.Qdisk,
            "standalone" => DiskBackend.Standalone,
            _ => null,
        };
        if (backend == null)
        {
            Error(text, "unknown value for backendtype");
            return;
        }

        Disk = Disk with { Backend = Choose(Disk.Backend, backend, "backend", text, DiskBackend.Unknown) };
    }

    public void SetSpecification(string text)
    {
        DiskSpecification? value = text switch
        {
            "xen" => DiskSpecification.Xen,
            "virtio" => DiskSpecification.Virtio,
            _ => null,
        };
        Disk = Disk with
        {
            Specification = Choose(Disk.Specification, value, "specification", text, DiskSpecification.Unknown),
        };
    }

    public void SetAccess(string text)
    {
        if (text is "r" or "ro" or "rw" or "w" or "")
        {
            Disk = Disk with { ReadWrite = text is not ("r" or "ro") };
        }
        else
        {
            Error(text, "unknown value for access");
        }
    }

    public void SetTarget(string text) => Disk = Disk with { PdevPath = Save("target", Disk.PdevPath, text) };

    public void SetScript(string text) => Disk = Disk with { Script = Save("script", Disk.Script, text) };

    public void SetBackendDomain(string text) => Disk = Disk with { BackendDomain = Save("backend", Disk.BackendDomain, text) };

    public void SetVdev(string text)
    {
        _vdev = Save("vdev", _vdev, text);
        Disk = Disk with { Vdev = _vdev ?? "" };
    }

    public void SetColo(string key, string text)
    {
        switch (key)
        {
            case "colo-host":
                Disk = Disk with { ColoHost = Save(key, Disk.ColoHost, text) };
                break;
            case "colo-export":
                Disk = Disk with { ColoExport = Save(key, Disk.ColoExport, text) };
                break;
            case "active-disk":
                Disk = Disk with { ActiveDisk = Save(key, Disk.ActiveDisk, text) };
                break;
            case "hidden-disk":
                Disk = Disk with { HiddenDisk = Save(key, Disk.HiddenDisk, text) };
                break;
            case "colo-port":
                CNumber.Parse(text, 10, out var port);
                if (port is < int.MinValue or > int.MaxValue or 0)
                {
                    Error(text, "unknown value for colo_port");
                }
                else
                {
                    Disk = Disk with { ColoPort = (int)port };
                }

                break;
            default:
                throw new InvalidOperationException($"no disk parameter {key}");
        }
    }

    private T Choose<T>(T now, T? wanted, string member, string text, T unknown)
        where T : struct, Enum
    {
        if (wanted is not { } value)
        {
            Error(text, $"unknown value for {member}");
            return now;
        }

        if (!Is(now, unknown) && !Is(now, value))
        {
            Error(text, $"{member} respecified");
            return now;
        }

        return value;
    }

    private static bool Is<T>(T left, T right)
        where T : struct, Enum => EqualityComparer<T>.Default.Equals(left, right);

    // Overwriting an empty string is no complaint: ",,hdc" may still get a target later.
    private string? Save(string what, string? now, string text)
    {
        if (string.IsNullOrEmpty(now))
        {
            return text;
        }

        Error(text, $"{what} respecified");
        return now;
    }
}
