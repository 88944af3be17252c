namespace XenActors.Tests.Cli;

/// <summary>A test that starts several processes with <c>mpirun</c>; skipped where there is none, except on CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenMpiTheoryAttribute : TheoryAttribute
{
    public OpenMpiTheoryAttribute() =>
        Skip = Environment.GetEnvironmentVariable("CI") == "true" || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "mpirun")))
            ? null
            : "mpirun missing: scripts/test.sh, as root on Debian 12, provides it";
}
