namespace XenActors.Simulation.Generators;

/// <summary>How a member type is encoded.</summary>
internal enum TypeShape
{
    Unsupported,
    Hashed,
    Bool,
    Unsigned,
    Signed,
    Double,
    Float,
    Enum,
    Text,
    Nullable,
    Codec,
    ByteArray,
    ByteMemory,
    ByteImmutable,
    Array,
    List,
    Queue,
    SortedSet,
    SortedDictionary,
    Immutable,
    Tuple,
}
