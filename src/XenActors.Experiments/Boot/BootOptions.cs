using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Boot;

/// <summary>What <c>xenactors boot</c> was asked for.</summary>
public sealed record BootOptions
{
    /// <summary>xl configuration files, one guest each.</summary>
    public required IReadOnlyList<string> Configs { get; init; }

    /// <summary>Configurations that lie in no file: a name for <see cref="Configs"/>, and the text.</summary>
    public IReadOnlyList<(string Name, string Text)> Texts { get; init; } = [];

    /// <summary>A profile's name, or a path; the default is the newest kernel.</summary>
    public string Kernel { get; init; } = "debian12-6.1";

    /// <summary>Replaces the guests' command line.</summary>
    public string? CommandLine { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>A host profile's name, or a path; null takes the one that goes with the kernel.</summary>
    public string? Host { get; init; }

    /// <summary>Images behind paths that the configurations name.</summary>
    public IReadOnlyList<(string Path, string Image)> Volumes { get; init; } = [];

    /// <summary>Disks to be made for the run behind paths that the configurations name; other disks are made as the host profile says.</summary>
    public IReadOnlyList<(string Path, DefaultVolumes Layout)> Disks { get; init; } = [];

    public EngineOptions Engine { get; init; } = EngineOptions.Sequential;

    /// <summary>Where profiles given by name are found.</summary>
    public string ProfileDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>Creates the guests and leaves them paused.</summary>
    public bool Paused { get; init; }
}
