using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>
/// Writes one value of any supported type: a scalar in place, anything with parts through a private method, one for
/// each type that occurs.
/// </summary>
internal sealed class ValueWriter(string owner)
{
    private readonly Dictionary<string, int> methods = [];
    private readonly List<string> encoders = [];
    private readonly List<string> decoders = [];

    /// <summary>A statement that encodes what the expression yields.</summary>
    public string Encode(ITypeSymbol type, string value, string member)
    {
        if (TypeShapes.AllowsNull(type) && TypeShapes.Of(type) != TypeShape.Text)
        {
            return $"CodecWrite{Method(type, member)}({value}, ref sink);";
        }

        string name = TypeShapes.Spelling(type);
        string present = type.IsReferenceType ? $"{CodecNames.Generated}.NotNull({value}, \"{owner}.{member}\")" : value;
        return TypeShapes.Of(type) switch
        {
            TypeShape.Bool => $"sink.Unsigned({value} ? 1UL : 0UL);",
            TypeShape.Unsigned => $"sink.Unsigned({value});",
            TypeShape.Signed => $"sink.Signed({value});",
            TypeShape.Double => $"sink.Unsigned(global::System.BitConverter.DoubleToUInt64Bits({value}));",
            TypeShape.Float => $"sink.Unsigned(global::System.BitConverter.SingleToUInt32Bits({value}));",
            TypeShape.Enum => IsSigned(type) ? $"sink.Signed((long){value});" : $"sink.Unsigned((ulong){value});",
            TypeShape.Text => $"sink.Text({(TypeShapes.AllowsNull(type) ? value : present)});",
            TypeShape.ByteArray => $"sink.Bytes({present});",
            TypeShape.ByteMemory => $"sink.Bytes({value}.Span);",
            TypeShape.Codec => TypeShapes.IsMarked(type)
                ? $"{name}.Encode({present}, ref sink);"
                : $"{CodecNames.Global}CodecOf.Encode<{name}, TSink>({present}, ref sink);",
            _ => $"CodecWrite{Method(type, member)}({present}, ref sink);",
        };
    }

    /// <summary>An expression that decodes a value.</summary>
    public string Decode(ITypeSymbol type, string member)
    {
        if (TypeShapes.AllowsNull(type) && TypeShapes.Of(type) != TypeShape.Text)
        {
            return $"CodecRead{Method(type, member)}(ref reader)";
        }

        string name = TypeShapes.Spelling(type);
        return TypeShapes.Of(type) switch
        {
            TypeShape.Bool => "reader.Flag()",
            TypeShape.Unsigned or TypeShape.Signed => Number(type),
            TypeShape.Double => "global::System.BitConverter.UInt64BitsToDouble(reader.Unsigned())",
            TypeShape.Float => "global::System.BitConverter.UInt32BitsToSingle(unchecked((uint)reader.Unsigned(uint.MaxValue)))",
            TypeShape.Enum => $"({name}){Number(((INamedTypeSymbol)type).EnumUnderlyingType!)}",
            TypeShape.Text => TypeShapes.AllowsNull(type) ? "reader.Text()" : "reader.TextNotNull()",
            TypeShape.ByteArray => "reader.Bytes()",
            TypeShape.ByteMemory => $"new {name}(reader.Bytes())",
            TypeShape.Codec => TypeShapes.IsMarked(type)
                ? $"{name}.Decode(ref reader)"
                : $"{CodecNames.Global}CodecOf.Decode<{name}>(ref reader)",
            _ => $"CodecRead{Method(type, member)}(ref reader)",
        };
    }

    public void WriteMethods(CodeText code)
    {
        foreach (string body in encoders.Zip(decoders, (encoder, decoder) => encoder + "\n\n" + decoder))
        {
            code.Line();
            foreach (string line in body.Split('\n'))
            {
                code.Line(line.TrimEnd());
            }
        }
    }

    private int Method(ITypeSymbol type, string member)
    {
        string name = TypeShapes.Spelling(type);
        if (methods.TryGetValue(name, out int known))
        {
            return known;
        }

        int number = methods.Count;
        methods.Add(name, number);
        encoders.Add("");
        decoders.Add("");
        var parts = new PartsWriter(this, type, member);
        var encoder = new CodeText();
        encoder.Line($"private static void CodecWrite{number}<TSink>({name} value, ref TSink sink)");
        encoder.Open("    " + CodecNames.SinkConstraint);
        parts.WriteEncoder(encoder);
        encoder.Close();
        encoders[number] = encoder.ToString().TrimEnd();
        var decoder = new CodeText();
        decoder.Open($"private static {name} CodecRead{number}(ref {CodecNames.Reader} reader)");
        parts.WriteDecoder(decoder);
        decoder.Close();
        decoders[number] = decoder.ToString().TrimEnd();
        return number;
    }

    private static bool IsSigned(ITypeSymbol type) =>
        TypeShapes.Of(((INamedTypeSymbol)type).EnumUnderlyingType!) == TypeShape.Signed;

    /// <summary>The reader has checked the range, so the cast cannot lose anything.</summary>
    private static string Number(ITypeSymbol type)
    {
        string name = TypeShapes.Spelling(type);
        return (TypeShapes.Of(type), type.SpecialType) switch
        {
            (_, SpecialType.System_UInt64) => "reader.Unsigned()",
            (_, SpecialType.System_Int64) => "reader.Signed()",
            (TypeShape.Signed, _) => $"unchecked(({name})reader.Signed({name}.MinValue, {name}.MaxValue))",
            _ => $"unchecked(({name})reader.Unsigned({name}.MaxValue))",
        };
    }
}
