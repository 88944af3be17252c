using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>The bodies of the methods that write and read a value with parts: nullables, collections, tuples.</summary>
internal sealed class PartsWriter(ValueWriter values, ITypeSymbol type, string member)
{
    private readonly TypeShape shape = TypeShapes.Of(type);
    private readonly IReadOnlyList<ITypeSymbol> parts = TypeShapes.Parts(type, TypeShapes.Of(type));
    private readonly string name = TypeShapes.Spelling(type);

    private bool IsImmutable => shape is TypeShape.Immutable or TypeShape.ByteImmutable;

    private bool IsNullableReference => TypeShapes.AllowsNull(type);

    public void WriteEncoder(CodeText code)
    {
        if (shape == TypeShape.Tuple)
        {
            for (int i = 0; i < parts.Count; i++)
            {
                code.Line(values.Encode(parts[i], $"value.Item{i + 1}", member));
            }

            return;
        }

        if (IsNullableReference || IsImmutable || shape == TypeShape.Nullable)
        {
            code.Open(IsImmutable ? "if (value.IsDefault)" : "if (value is null)");
            code.Line("sink.Unsigned(0UL);").Line("return;");
            code.Close().Line();
            code.Line("sink.Unsigned(1UL);");
        }

        if (shape == TypeShape.Nullable)
        {
            code.Line(values.Encode(parts[0], "value.Value", member));
        }
        else if (shape == TypeShape.ByteImmutable)
        {
            code.Line("sink.Bytes(value.AsSpan());");
        }
        else if (IsNullableReference)
        {
            code.Line(values.Encode(TypeShapes.WithoutNull(type), "value", member));
        }
        else
        {
            EncodeItems(code);
        }
    }

    public void WriteDecoder(CodeText code)
    {
        if (shape == TypeShape.Tuple)
        {
            code.Line($"return ({string.Join(", ", parts.Select(part => values.Decode(part, member)))});");
            return;
        }

        if (IsNullableReference || IsImmutable || shape == TypeShape.Nullable)
        {
            code.Open("if (!reader.Flag())");
            code.Line(IsImmutable ? "return default;" : "return null;");
            code.Close().Line();
        }

        if (shape == TypeShape.Nullable)
        {
            code.Line($"return {values.Decode(parts[0], member)};");
        }
        else if (shape == TypeShape.ByteImmutable)
        {
            code.Line($"return {Immutable("reader.Bytes()")};");
        }
        else if (IsNullableReference)
        {
            code.Line($"return {values.Decode(TypeShapes.WithoutNull(type), member)};");
        }
        else
        {
            DecodeItems(code);
        }
    }

    private void EncodeItems(CodeText code)
    {
        string count = shape is TypeShape.Array or TypeShape.Immutable ? "Length" : "Count";
        code.Line($"sink.Unsigned(unchecked((ulong)value.{count}));");
        code.Open("foreach (var item in value)");
        if (shape == TypeShape.SortedDictionary)
        {
            code.Line(values.Encode(parts[0], "item.Key", member));
            code.Line(values.Encode(parts[1], "item.Value", member));
        }
        else
        {
            code.Line(values.Encode(parts[0], "item", member));
        }

        code.Close();
    }

    private void DecodeItems(CodeText code)
    {
        code.Line("int count = reader.Count();");
        code.Line($"var items = {Make()};");
        code.Open("for (int i = 0; i < count; i++)");
        switch (shape)
        {
            case TypeShape.SortedDictionary:
                code.Line($"{TypeShapes.Spelling(parts[0])} key = {values.Decode(parts[0], member)};");
                RefuseTwice(code, "items.ContainsKey(key)");
                code.Line($"items.Add(key, {values.Decode(parts[1], member)});");
                break;
            case TypeShape.SortedSet:
                RefuseTwice(code, $"!items.Add({values.Decode(parts[0], member)})");
                break;
            case TypeShape.Queue:
                code.Line($"items.Enqueue({values.Decode(parts[0], member)});");
                break;
            case TypeShape.List:
                code.Line($"items.Add({values.Decode(parts[0], member)});");
                break;
            default:
                code.Line($"items[i] = {values.Decode(parts[0], member)};");
                break;
        }

        code.Close().Line();
        code.Line(shape == TypeShape.Immutable ? $"return {Immutable("items")};" : "return items;");
    }

    /// <summary>Texts are ordered by their units: a culture's order differs between machines.</summary>
    private string Make() => shape switch
    {
        TypeShape.Array or TypeShape.Immutable => $"{CodecNames.Generated}.NewArray<{TypeShapes.Spelling(parts[0])}>(count)",
        TypeShape.SortedSet or TypeShape.SortedDictionary =>
            parts[0].SpecialType == SpecialType.System_String ? $"new {name}(global::System.StringComparer.Ordinal)" : $"new {name}()",
        _ => $"new {name}(count)",
    };

    private void RefuseTwice(CodeText code, string condition)
    {
        code.Open($"if ({condition})");
        code.Line($"reader.Refuse(\"a key of {member} occurs twice\");");
        code.Close().Line();
    }

    private static string Immutable(string array) =>
        $"global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray({array})";
}
