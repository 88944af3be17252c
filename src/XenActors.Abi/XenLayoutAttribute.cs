namespace XenActors.Abi;

/// <summary>
/// The C structure whose layout a type restates. Constants named <c>SizeOf</c>, <c>…Offset</c>, <c>…Stride</c>, <c>…Count</c>,
/// <c>…Bit</c> and <c>…Bits</c> are compared with the compiler's own figures by the tests.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class)]
public sealed class XenLayoutAttribute(string structure) : Attribute
{
    public string Structure { get; } = structure;
}
