using XenActors.Live.Nbd;
using XenActors.Live.Xenstore;

namespace XenActors.Live.Hosts;

/// <summary>How a simulated host is served.</summary>
public sealed record HostServerOptions
{
    /// <summary>Where its xenstore listens.</summary>
    public required string Socket { get; init; }

    /// <summary>The file of the recording; null for none.</summary>
    public string? Recording { get; init; }

    /// <summary>Virtual seconds a second; infinite: as fast as can be.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Virtual time stands still until the first request.</summary>
    public bool WaitForClient { get; init; }

    /// <summary>The command that was given, for the recording's reader.</summary>
    public string Arguments { get; init; } = "";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public XenstoreServerOptions Server { get; init; } = XenstoreServerOptions.Default;

    /// <summary>Guests' disks for NBD clients.</summary>
    public IReadOnlyList<NbdExportOption> Exports { get; init; } = [];

    public NbdServerOptions Nbd { get; init; } = NbdServerOptions.Default;
}
