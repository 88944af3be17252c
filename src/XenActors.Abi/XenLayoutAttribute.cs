namespace XenActors.Abi;

/// <summary>
/// The C structure whose layout a type restates. Constants named <c>SizeOf</c>, <c>…Offset</c>, <c>…Stride</c>, <c>…Count</c>,
/// <c>…Bit</c> and <c>…Bits</c> are compared with the compiler's own figures by the tests.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class)]
public sealed class XenLayoutAttribute(string structure) : Attribute
{
    public string Structure { get; } = structure;

    /// <summary>The guest's word: 64, or 32 for the layout of a 32-bit guest.</summary>
    public int Bits { get; init; } = 64;
}
