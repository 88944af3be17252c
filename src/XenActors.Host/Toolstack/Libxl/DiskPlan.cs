using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

public enum DiskBackendKind
{
    Phy,
    Qdisk,
}

/// <summary>A disk as it goes to the store.</summary>
[Codec]
public sealed partial record DiskPlan
{
    public required string Vdev { get; init; }

    public required uint Number { get; init; }

    public required DiskBackendKind Backend { get; init; }

    /// <summary>The target as configured; empty for an empty drive.</summary>
    public required string Path { get; init; }

    /// <summary>The backend's <c>params</c>.</summary>
    public required string Params { get; init; }

    /// <summary>The script's whole path; empty for none.</summary>
    public required string Script { get; init; }

    /// <summary>xend's name of the backend: <c>phy</c> or <c>file</c>; libxl's: <c>phy</c> or <c>qdisk</c>.</summary>
    public required string Type { get; init; }

    public required bool Writable { get; init; }

    public required bool Cdrom { get; init; }

    public required bool Removable { get; init; }

    public required bool Discard { get; init; }

    public required bool DirectIoSafe { get; init; }

    public required bool Trusted { get; init; }

    /// <summary>Whether the host has the image; an empty drive has.</summary>
    public required bool Present { get; init; }

    public required ulong Sectors { get; init; }

    /// <summary>The image; none for an empty drive, or where the host has none.</summary>
    public VolumeId Volume { get; init; }

    public string Kind => Backend == DiskBackendKind.Phy ? "vbd" : "qdisk";

    public string DeviceType => Cdrom ? "cdrom" : "disk";
}
