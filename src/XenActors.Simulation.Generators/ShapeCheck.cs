using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace XenActors.Simulation.Generators;

/// <summary>Whether a type, before any of its members, can have a codec.</summary>
internal static class ShapeCheck
{
    public static void Check(INamedTypeSymbol type, List<CodecDiagnostic> diagnostics)
    {
        Location? location = type.Locations.FirstOrDefault();
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
        {
            if (!IsPartial(part))
            {
                diagnostics.Add(CodecDiagnostic.At(CodecDiagnostics.NotPartial, part.Locations.FirstOrDefault(), part.Name));
            }
        }

        if (Objection(type) is { } reason)
        {
            diagnostics.Add(CodecDiagnostic.At(CodecDiagnostics.UnsupportedShape, location, type.Name, reason));
        }
    }

    private static string? Objection(INamedTypeSymbol type)
    {
        if (type.IsGenericType)
        {
            return "generic types have none; write one type for each use";
        }

        if (type.IsFileLocal)
        {
            return "a file-local type cannot be extended from generated code";
        }

        if (type.IsRefLikeType)
        {
            return "a ref struct cannot be kept";
        }

        if (type.IsReferenceType && !type.IsSealed)
        {
            return "make it sealed, because what a derived type adds would be lost";
        }

        if (type.GetAttributes().Any(a => a.AttributeClass?.Name == "InlineArrayAttribute"))
        {
            return "an inline array hides its elements; use T[]";
        }

        if (BaseWithState(type) is { } parent)
        {
            return $"it inherits state from '{parent.Name}', which would be lost";
        }

        return !type.IsRecord && CodecMembers.PrimaryConstructor(type) is not null
            ? "a primary constructor's parameters are captured out of sight; make it a record"
            : null;
    }

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static INamedTypeSymbol? BaseWithState(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.SpecialType == SpecialType.None && parent.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic))
            {
                return parent;
            }
        }

        return null;
    }
}
