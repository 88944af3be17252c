namespace XenActors.Toolstack.Xl;

/// <summary>A parsed interface and what xl printed about it.</summary>
/// <param name="Nic">The interface; what was not understood is left out, as in a file.</param>
/// <param name="Diagnostics">xl's lines.</param>
/// <param name="IsRefused">A token was not understood: <c>network-attach</c> stops, a file still loads.</param>
/// <param name="IsFatal">xl exits with 1 even when reading a file (a bad rate, devid or mtu).</param>
public sealed record VifSpecResult(VifSpec Nic, IReadOnlyList<Diagnostic> Diagnostics, bool IsRefused, bool IsFatal)
{
    /// <summary>The exit code of <c>xl network-attach</c>.</summary>
    public int ExitCode => IsRefused || IsFatal ? 1 : 0;
}
