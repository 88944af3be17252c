using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace XenActors.Simulation.Generators;

/// <summary>A type's data in declaration order: first what its positional constructor takes, then the rest.</summary>
internal sealed class CodecMembers
{
    private CodecMembers(INamedTypeSymbol type, List<CodecMember> all)
    {
        Type = type;
        All = all;
        Encoded = [.. all.Where(member => !member.Ignored)];
    }

    public INamedTypeSymbol Type { get; }

    /// <summary>Includes ignored members, for which a constructor may still ask.</summary>
    public IReadOnlyList<CodecMember> All { get; }

    public IReadOnlyList<CodecMember> Encoded { get; }

    public IEnumerable<CodecMember> Positional => All.Where(member => member.Positional);

    /// <summary>
    /// Read-only members that only a constructor can set. The generator may add one where that takes nothing away:
    /// a class without any constructor would lose its implicit one.
    /// </summary>
    public bool NeedsConstructor => Encoded.Any(member =>
        !member.Positional && !member.Settable && !(Type.IsReferenceType && member.Fillable));

    public bool AllowsConstructor => Type.IsValueType || Type.InstanceConstructors.Any(HasOwnSyntax);

    public static CodecMembers Of(INamedTypeSymbol type)
    {
        var members = new List<CodecMember>();
        var positional = new HashSet<string>();
        if (type.IsRecord && PrimaryConstructor(type) is { } constructor)
        {
            foreach (IParameterSymbol parameter in constructor.Parameters)
            {
                positional.Add(parameter.Name);
                members.Add(new CodecMember(Named(type, parameter), parameter.Type, positional: true));
            }
        }

        members.AddRange(type.GetMembers()
            .Where(symbol => !symbol.IsStatic)
            .Select(Stored)
            .OfType<ISymbol>()
            .Where(symbol => !positional.Contains(symbol.Name))
            .OrderBy(FileName, System.StringComparer.Ordinal)
            .ThenBy(symbol => symbol.Locations.First().SourceSpan.Start)
            .Select(symbol => new CodecMember(symbol, TypeOf(symbol), positional: false)));
        return new CodecMembers(type, members);
    }

    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(constructor =>
            constructor.Parameters.Length > 0
            && constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax));

    private static bool HasOwnSyntax(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.Length > 0;

    /// <summary>The ignoring mark may stand on the parameter or on its property; the marked symbol is what counts.</summary>
    private static ISymbol Named(INamedTypeSymbol type, IParameterSymbol parameter)
    {
        ISymbol? member = type.GetMembers(parameter.Name).FirstOrDefault(found => found is IPropertySymbol or IFieldSymbol);
        return member is null || CodecMember.IsIgnored(parameter) ? parameter : member;
    }

    /// <summary>What a member stores: a field, the property behind a hidden field, or an event's list of handlers.</summary>
    private static ISymbol? Stored(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.AssociatedSymbol ?? field,
        IEventSymbol { AddMethod.IsImplicitlyDeclared: true } => symbol,
        _ => null,
    };

    private static ITypeSymbol TypeOf(ISymbol symbol) => symbol switch
    {
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        _ => ((IEventSymbol)symbol).Type,
    };

    /// <summary>Parts of one type are ordered by file name, for a build may list the files in any order.</summary>
    private static string FileName(ISymbol symbol) => Path.GetFileName(symbol.Locations.First().SourceTree?.FilePath ?? "");
}
