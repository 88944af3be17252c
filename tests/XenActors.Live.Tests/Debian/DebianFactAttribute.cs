namespace XenActors.Tests.Live.Debian;

/// <summary>A test with Debian's programs: skipped where they are missing, except on CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DebianFactAttribute : FactAttribute
{
    public DebianFactAttribute(DebianNeeds needs) => Skip = DebianPrograms.ReasonToSkip(needs);
}
