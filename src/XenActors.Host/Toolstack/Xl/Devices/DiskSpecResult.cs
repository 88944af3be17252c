namespace XenActors.Toolstack.Xl;

/// <summary>A parsed disk, or null and the reasons; xl's exit code is then 1.</summary>
public sealed record DiskSpecResult(DiskSpec? Disk, IReadOnlyList<Diagnostic> Diagnostics)
{
    public int ExitCode => Disk == null ? 1 : 0;
}
