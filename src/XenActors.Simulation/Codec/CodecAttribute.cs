namespace XenActors.Simulation;

/// <summary>
/// Asks the generator to write the codec of a partial message or state type. The type then implements
/// <see cref="ICodec{TSelf}"/>, and one codec serves fingerprint, snapshot, trace and cluster alike.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class, Inherited = false)]
public sealed class CodecAttribute : Attribute;
