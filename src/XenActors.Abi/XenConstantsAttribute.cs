namespace XenActors.Abi;

/// <summary>The prefix that Xen's header puts before the names of an enum's or class's constants; the tests compare each by name.</summary>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Class)]
public sealed class XenConstantsAttribute(string prefix) : Attribute
{
    public string Prefix { get; } = prefix;
}
