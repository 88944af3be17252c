namespace XenActors.Simulation;

/// <summary>
/// Leaves a member out of the codec: it is neither fingerprinted nor restored. Only for what can be derived from the
/// other members; a member that decides anything and is ignored makes a resumed run differ from an unbroken one.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CodecIgnoreAttribute : Attribute;
