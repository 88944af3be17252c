namespace XenActors.Tests.Live.Debian;

/// <summary>The same as <see cref="DebianFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DebianTheoryAttribute : TheoryAttribute
{
    public DebianTheoryAttribute(DebianNeeds needs) => Skip = DebianPrograms.ReasonToSkip(needs);
}
