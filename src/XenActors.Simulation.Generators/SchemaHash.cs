using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>
/// Spells a type out, with the types of the same assembly inside it, and hashes the spelling. Types of other
/// assemblies are folded in by their own schema at run time: a reference assembly may hide their members.
/// </summary>
internal sealed class SchemaHash
{
    private readonly StringBuilder text = new();
    private readonly HashSet<string> spelled = [];
    private readonly List<string> foreign = [];
    private readonly INamedTypeSymbol root;

    private SchemaHash(INamedTypeSymbol root) => this.root = root;

    public ulong Value { get; private set; }

    /// <summary>Types to fold in, in the order of their first mention.</summary>
    public IReadOnlyList<string> Foreign => foreign;

    /// <summary>Whether the type can contain itself, so that its reader must count depth.</summary>
    public bool Recursive { get; private set; }

    public static SchemaHash Of(CodecMembers members)
    {
        var hash = new SchemaHash(members.Type);
        hash.Spell(members);
        hash.Value = Fnv(hash.text.ToString());
        return hash;
    }

    private void Spell(CodecMembers members)
    {
        spelled.Add(TypeShapes.Spelling(members.Type));
        text.Append(TypeShapes.Spelling(members.Type)).Append('{');
        foreach (CodecMember member in members.Encoded)
        {
            text.Append(member.Name).Append(':');
            Spell(member.Type);
            text.Append(';');
        }

        text.Append('}');
    }

    private void Spell(ITypeSymbol type)
    {
        TypeShape shape = TypeShapes.Of(type);
        text.Append(shape == TypeShape.Tuple ? "tuple" : TypeShapes.Spelling(TypeShapes.WithoutNull(type)));
        text.Append(TypeShapes.AllowsNull(type) ? "?" : "");
        if (shape == TypeShape.Enum)
        {
            SpellEnum((INamedTypeSymbol)type);
        }
        else if (shape == TypeShape.Codec)
        {
            SpellCodec((INamedTypeSymbol)TypeShapes.WithoutNull(type));
        }

        foreach (ITypeSymbol part in TypeShapes.Parts(type, shape))
        {
            text.Append('<');
            Spell(part);
            text.Append('>');
        }
    }

    /// <summary>A renumbered enum is another enum, though its bytes look the same.</summary>
    private void SpellEnum(INamedTypeSymbol type)
    {
        text.Append(':').Append(type.EnumUnderlyingType!.ToDisplayString()).Append('{');
        foreach (IFieldSymbol value in type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue))
        {
            text.Append(value.Name).Append('=').Append(value.ConstantValue).Append(',');
        }

        text.Append('}');
    }

    private void SpellCodec(INamedTypeSymbol type)
    {
        Recursive |= SymbolEqualityComparer.Default.Equals(type, root);
        string name = TypeShapes.Spelling(type);
        if (!TypeShapes.IsMarked(type) || !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, root.ContainingAssembly))
        {
            if (!foreign.Contains(name))
            {
                foreign.Add(name);
            }
        }
        else if (spelled.Add(name))
        {
            Spell(CodecMembers.Of(type));
        }
    }

    /// <summary>FNV-1a over the UTF-16 units: fixed here, so that no library's change moves a schema.</summary>
    private static ulong Fnv(string text)
    {
        unchecked
        {
            // A hash: it is meant to wrap.
            ulong hash = 14695981039346656037;
            foreach (char unit in text)
            {
                hash = (hash ^ (byte)unit) * 1099511628211;
                hash = (hash ^ (byte)(unit >> 8)) * 1099511628211;
            }

            return hash;
        }
    }
}
