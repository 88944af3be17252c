namespace XenActors.Toolstack.Xl;

/// <summary>
/// xl's disk specifications, xl-disk-configuration(5). The items of a specification are told apart as its generated
/// scanner does: the longest match wins, then the earlier rule (<see cref="DiskScanner"/>).
/// </summary>
public static class DiskSpecParser
{
    /// <summary>Parses one string of <c>disk = [ ... ]</c>.</summary>
    /// <param name="spec">The string.</param>
    /// <param name="source">The file, or "command line".</param>
    /// <param name="at">Where the string stands.</param>
    public static DiskSpecResult Parse(string spec, string source, SourcePosition? at = null) => Parse([spec], source, at);

    /// <summary>Parses the arguments of one <c>xl block-attach</c>, which fill one and the same disk.</summary>
    public static DiskSpecResult Parse(IReadOnlyList<string> specs, string source, SourcePosition? at = null)
    {
        var state = new DiskSpecState(new DiagnosticLog(source), at);
        foreach (var spec in specs)
        {
            state.Spec = spec;
            DiskScanner.Scan(spec, state);
            if (state.Failed)
            {
                return state.Result(null);
            }
        }

        return state.Result(Finish(state));
    }

    private static DiskSpec? Finish(DiskSpecState state)
    {
        var disk = state.Disk;
        if (disk.Format == DiskFormat.Unknown)
        {
            disk = disk with { Format = DiskFormat.Raw };
        }

        if (disk.IsCdrom)
        {
            var format = string.IsNullOrEmpty(disk.PdevPath) ? DiskFormat.Empty : disk.Format;
            disk = disk with { Removable = true, ReadWrite = false, Format = format };
        }

        if (!state.HasVdev)
        {
            state.Error(null, "no vdev specified");
        }
        else if (disk.PdevPath == null && !disk.Removable)
        {
            state.Error(null, "no target specified (and device not removable)");
        }

        return state.Failed ? null : disk;
    }
}
