namespace XenActors.Experiments.Scenarios;

/// <summary>A line of dom0's shell, understood.</summary>
public sealed record ShellCommand(ShellVerb Verb)
{
    /// <summary>The domain's name; empty for what is a whole host's.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The host's name; empty for the domain's, or the first one.</summary>
    public string Host { get; init; } = "";

    /// <summary>A disk or vif specification, a virtual device, the type of a backend (<c>vbd</c>, <c>vif</c>), a volume's path.</summary>
    public string Text { get; init; } = "";

    /// <summary>What <c>xl cd-insert</c> puts in.</summary>
    public string Medium { get; init; } = "";

    /// <summary><c>--force</c>; <c>--keep</c>.</summary>
    public bool Flag { get; init; }

    /// <summary>A volume's new size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>A disk of the host that the line names; null when it names none.</summary>
    public string? Volume => Verb switch
    {
        ShellVerb.BlockAttach => Toolstack.Xl.DiskSpecParser.Parse(Text, "command line").Disk?.PdevPath,
        ShellVerb.CdInsert => Medium,
        ShellVerb.Resize => Text,
        _ => null,
    };
}
