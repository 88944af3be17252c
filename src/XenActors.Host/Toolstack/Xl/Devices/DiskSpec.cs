namespace XenActors.Toolstack.Xl;

/// <summary>One disk as xl understood it (libxl_device_disk). Null strings and flags were not given.</summary>
public sealed record DiskSpec
{
    /// <summary>The target: a path, or what the script makes of it; empty for an empty drive.</summary>
    public string? PdevPath { get; init; }

    public string Vdev { get; init; } = "";

    public DiskBackend Backend { get; init; }

    public DiskFormat Format { get; init; }

    public string? BackendDomain { get; init; }

    public string? Script { get; init; }

    public bool Removable { get; init; }

    public bool ReadWrite { get; init; }

    public bool IsCdrom { get; init; }

    public DiskSpecification Specification { get; init; }

    public bool DirectIoSafe { get; init; }

    public bool? Discard { get; init; }

    public bool? Trusted { get; init; }

    public bool? GrantUsage { get; init; }

    public bool? Colo { get; init; }

    public string? ColoHost { get; init; }

    public int ColoPort { get; init; }

    public string? ColoExport { get; init; }

    public string? ActiveDisk { get; init; }

    public string? HiddenDisk { get; init; }
}
