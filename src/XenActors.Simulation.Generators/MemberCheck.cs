using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>Whether every member can be written and restored.</summary>
internal static class MemberCheck
{
    public static void Check(CodecMembers members, List<CodecDiagnostic> diagnostics)
    {
        foreach (CodecMember member in members.Encoded)
        {
            CheckType(member, member.Type, diagnostics);
            if (WhyLost(members, member) is { } reason)
            {
                diagnostics.Add(CodecDiagnostic.At(CodecDiagnostics.CannotRestore, member.Location, member.Name, reason));
            }
        }

        if (!members.NeedsConstructor && !members.Positional.Any() && !HasEmptyConstructor(members.Type))
        {
            diagnostics.Add(CodecDiagnostic.At(
                CodecDiagnostics.CannotRestore,
                members.Type.Locations.FirstOrDefault(),
                members.Type.Name,
                "it needs a constructor without parameters (a private one will do), or to be a positional record"));
        }
    }

    private static void CheckType(CodecMember member, ITypeSymbol type, List<CodecDiagnostic> diagnostics)
    {
        TypeShape shape = TypeShapes.Of(type);
        string spelling = type.ToDisplayString();
        if (shape == TypeShape.Unsupported || !HasComparableKey(type, shape))
        {
            diagnostics.Add(CodecDiagnostic.At(CodecDiagnostics.UnsupportedMember, member.Location, member.Name, spelling));
        }

        if (shape == TypeShape.Hashed)
        {
            string advice = type.Name == "HashSet" ? "SortedSet<T> (or SortedDictionary<K,V> for a map)" : "SortedDictionary<K,V>";
            diagnostics.Add(CodecDiagnostic.At(CodecDiagnostics.VisibleOrder, member.Location, member.Name, spelling, advice));
        }

        foreach (ITypeSymbol part in TypeShapes.Parts(type, shape))
        {
            CheckType(member, part, diagnostics);
        }
    }

    private static bool HasComparableKey(ITypeSymbol type, TypeShape shape) =>
        shape is not (TypeShape.SortedSet or TypeShape.SortedDictionary)
        || TypeShapes.IsComparable(TypeShapes.Parts(type, shape)[0]);

    private static string? WhyLost(CodecMembers members, CodecMember member)
    {
        if (member.Symbol is IParameterSymbol)
        {
            return "no property or field of that name holds the parameter";
        }

        if (member.Symbol is IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false })
        {
            return "an explicit interface property cannot be set by name; use a field";
        }

        bool lost = member.Symbol is not IEventSymbol
            && !member.Positional && !member.Settable && !(members.Type.IsReferenceType && member.Fillable);
        return lost && !members.AllowsConstructor
            ? "it is read-only and no collection that can be refilled; give it a setter (private or init), or the type a constructor"
            : null;
    }

    private static bool HasEmptyConstructor(INamedTypeSymbol type) =>
        type.IsValueType || type.InstanceConstructors.Any(constructor => constructor.Parameters.Length == 0);
}
