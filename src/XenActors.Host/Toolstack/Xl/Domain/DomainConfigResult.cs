namespace XenActors.Toolstack.Xl;

/// <summary>What <c>xl create -n</c> makes of a file.</summary>
/// <param name="Config">The domain, or null if xl gives up.</param>
/// <param name="Diagnostics">All lines, xl's and ours, in order.</param>
/// <param name="ExitCode">0, or the code with which xl gives up.</param>
public sealed record DomainConfigResult(DomainConfig? Config, IReadOnlyList<Diagnostic> Diagnostics, int ExitCode);
