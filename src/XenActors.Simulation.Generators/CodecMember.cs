using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace XenActors.Simulation.Generators;

/// <summary>A property or field that holds data.</summary>
internal sealed class CodecMember(ISymbol symbol, ITypeSymbol type, bool positional)
{
    public ISymbol Symbol { get; } = symbol;

    public ITypeSymbol Type { get; } = type;

    /// <summary>Arrives through the record's constructor.</summary>
    public bool Positional { get; } = positional;

    public bool Ignored { get; } = IsIgnored(symbol);

    public string Name => Symbol.Name;

    /// <summary>The name as code, where it may be a keyword.</summary>
    public string Spelling =>
        SyntaxFacts.GetKeywordKind(Name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(Name) != SyntaxKind.None
            ? "@" + Name
            : Name;

    public Location? Location => Symbol.Locations.FirstOrDefault();

    public bool Settable => Symbol switch
    {
        IPropertySymbol property => property.SetMethod is not null && property.ExplicitInterfaceImplementations.IsEmpty,
        IFieldSymbol stored => !stored.IsReadOnly,
        _ => false,
    };

    public bool Required => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>A read-only collection that its owner has already made: it can be emptied and filled.</summary>
    public bool Fillable =>
        !Settable
        && Type.NullableAnnotation != NullableAnnotation.Annotated
        && TypeShapes.Of(Type) is TypeShape.List or TypeShape.Queue or TypeShape.SortedSet or TypeShape.SortedDictionary;

    public static bool IsIgnored(ISymbol symbol) =>
        symbol.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == CodecNames.IgnoreAttribute);
}
