using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>Reads a symbol's shape and parts.</summary>
internal static class TypeShapes
{
    /// <summary>Full names with nullable marks, as code and as identity.</summary>
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static string Spelling(ITypeSymbol type) => type.ToDisplayString(Format);

    public static TypeShape Of(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Boolean } => TypeShape.Bool,
        { SpecialType: SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 } =>
            TypeShape.Unsigned,
        { SpecialType: SpecialType.System_Char } => TypeShape.Unsigned,
        { SpecialType: SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 } =>
            TypeShape.Signed,
        { SpecialType: SpecialType.System_Double } => TypeShape.Double,
        { SpecialType: SpecialType.System_Single } => TypeShape.Float,
        { SpecialType: SpecialType.System_String } => TypeShape.Text,
        { TypeKind: TypeKind.Enum } => TypeShape.Enum,
        IArrayTypeSymbol { Rank: 1 } array =>
            array.ElementType.SpecialType == SpecialType.System_Byte ? TypeShape.ByteArray : TypeShape.Array,
        INamedTypeSymbol named => OfNamed(named),
        _ => TypeShape.Unsupported,
    };

    /// <summary>Whether null is a value of this reference type. Code without nullable annotations allows it.</summary>
    public static bool AllowsNull(ITypeSymbol type) =>
        type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    public static ITypeSymbol WithoutNull(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    public static IReadOnlyList<ITypeSymbol> Parts(ITypeSymbol type, TypeShape shape) => shape switch
    {
        TypeShape.Array => [((IArrayTypeSymbol)type).ElementType],
        TypeShape.Tuple => [.. ((INamedTypeSymbol)type).TupleElements.Select(element => element.Type)],
        TypeShape.Nullable or TypeShape.List or TypeShape.Queue => ((INamedTypeSymbol)type).TypeArguments,
        TypeShape.SortedSet or TypeShape.SortedDictionary or TypeShape.Immutable =>
            ((INamedTypeSymbol)type).TypeArguments,
        _ => [],
    };

    public static bool IsMarked(ITypeSymbol type) =>
        type.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == CodecNames.CodecAttribute);

    /// <summary>What a sorted collection can order by without being told how.</summary>
    public static bool IsComparable(ITypeSymbol type) => Of(type) switch
    {
        TypeShape.Enum => true,
        TypeShape.Nullable or TypeShape.Tuple => Parts(type, Of(type)).All(IsComparable),
        _ => type.AllInterfaces.Any(i => i.Name == "IComparable" && i.ContainingNamespace.ToDisplayString() == "System"),
    };

    private static TypeShape OfNamed(INamedTypeSymbol type)
    {
        if (type.IsTupleType)
        {
            return TypeShape.Tuple;
        }

        if (IsMarked(type) || HasCodec(type))
        {
            return TypeShape.Codec;
        }

        return FullName(type) switch
        {
            "System.Nullable`1" => TypeShape.Nullable,
            "System.ReadOnlyMemory`1" => IsBytes(type) ? TypeShape.ByteMemory : TypeShape.Unsupported,
            "System.Collections.Immutable.ImmutableArray`1" => IsBytes(type) ? TypeShape.ByteImmutable : TypeShape.Immutable,
            "System.Collections.Generic.List`1" => TypeShape.List,
            "System.Collections.Generic.Queue`1" => TypeShape.Queue,
            "System.Collections.Generic.SortedSet`1" => TypeShape.SortedSet,
            "System.Collections.Generic.SortedDictionary`2" => TypeShape.SortedDictionary,
            "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.HashSet`1" => TypeShape.Hashed,
            _ => TypeShape.Unsupported,
        };
    }

    private static string FullName(INamedTypeSymbol type) => type.ContainingNamespace?.ToDisplayString() + "." + type.MetadataName;

    private static bool IsBytes(INamedTypeSymbol type) => type.TypeArguments[0].SpecialType == SpecialType.System_Byte;

    private static bool HasCodec(INamedTypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct
        && type.AllInterfaces.Any(i =>
            i.MetadataName == "ICodec`1"
            && i.ContainingNamespace.ToDisplayString() == CodecNames.Namespace
            && SymbolEqualityComparer.Default.Equals(i.TypeArguments[0], type));
}
