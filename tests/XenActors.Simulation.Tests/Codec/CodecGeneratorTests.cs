using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using XenActors.Simulation;
using XenActors.Simulation.Generators;
using Xunit;

namespace XenActors.Tests.Simulation.Codec;

/// <summary>Runs the generator over source texts: what it refuses, and how its schema moves.</summary>
public sealed class CodecGeneratorTests
{
    [Theory]
    [InlineData("[Codec] public record struct A(int X);", "XACODEC001", "'A' must be partial")]
    [InlineData("public class O { [Codec] public partial record struct A(int X); }", "XACODEC001", "'O' must be partial")]
    [InlineData("[Codec] public partial record struct A(object X);", "XACODEC002", "'X' has the type 'object'")]
    [InlineData("[Codec] public sealed partial class A { public Action F; }", "XACODEC002", "SortedDictionary<K,V>")]
    [InlineData("[Codec] public sealed partial class A { public event Action F; }", "XACODEC002", "'F'")]
    [InlineData("[Codec] public partial record struct A(List<Stack<int>> X);", "XACODEC002", "Stack<int>")]
    [InlineData("[Codec] public partial record struct A(int[,] X);", "XACODEC002", "int[*,*]")]
    [InlineData("[Codec] public partial record struct A(SortedSet<B> X); [Codec] public partial record struct B(int X);", "XACODEC002", "comparable")]
    [InlineData("[Codec] public partial record struct A(Dictionary<int, int> X);", "XACODEC003", "use SortedDictionary<K,V>")]
    [InlineData("[Codec] public partial record struct A(HashSet<int>[] X);", "XACODEC003", "SortedSet<T>")]
    [InlineData("[Codec] public partial record struct A<T>(int X);", "XACODEC004", "generic")]
    [InlineData("[Codec] public partial class A { }", "XACODEC004", "sealed")]
    [InlineData("public class B { int x; } [Codec] public sealed partial class A : B { }", "XACODEC004", "'B'")]
    [InlineData("[Codec] public sealed partial class A(int x) { public int X => x; }", "XACODEC004", "primary constructor")]
    [InlineData("[Codec] public ref partial struct A { }", "XACODEC004", "ref struct")]
    [InlineData("[Codec] public sealed partial class A { public int X { get; } }", "XACODEC005", "'X' cannot be restored")]
    [InlineData("[Codec] public sealed partial class A { public A(int x) { } public int X { get; set; } }", "XACODEC005", "constructor")]
    public void Refuses_with_advice(string source, string id, string words)
    {
        Diagnostic found = Assert.Single(Run(source).Diagnostics);
        Assert.Equal(id, found.Id);
        Assert.Contains(words, found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.True(found.Location.SourceSpan.Length > 0);
    }

    [Fact]
    public void Moves_the_schema_with_names_types_order_and_enum_values()
    {
        string[] sources =
        [
            "[Codec] public partial record struct A(int X, int Y);",
            "[Codec] public partial record struct A(int X, int Z);",
            "[Codec] public partial record struct A(int X, long Y);",
            "[Codec] public partial record struct A(int X, int? Y);",
            "[Codec] public partial record struct A(int Y, int X);",
            "[Codec] public partial record struct A(int X);",
            "[Codec] public partial record struct A(E X); public enum E { P, Q }",
            "[Codec] public partial record struct A(E X); public enum E { Q, P }",
            "[Codec] public partial record struct A(B X); [Codec] public partial record struct B(int X);",
            "[Codec] public partial record struct A(B X); [Codec] public partial record struct B(uint X);",
            "[Codec] public partial record struct A(string X);",
            "[Codec] public partial record struct A(string? X);",
        ];
        string[] schemas = [.. sources.Select(Schema)];
        Assert.Equal(sources.Length, schemas.Distinct().Count());
        Assert.Equal(schemas, sources.Select(Schema));
    }

    [Fact]
    public void Pins_the_schema_across_builds()
    {
        Assert.Equal(0x68BEFDE9C7B2812EUL, Port.Schema);
        Assert.Equal(Port.Schema, CodecOf.Schema<Port>());
        Assert.NotEqual(CodecOf.Schema<Texts>(), CodecOf.Schema<Extended>());
    }

    [Fact]
    public void Ignores_the_order_in_which_partial_files_are_listed()
    {
        const string first = "[Codec] public sealed partial class A { public int X; }";
        const string second = "public sealed partial class A { public int Y; }";
        Assert.Equal(Text(Run(("a.cs", first), ("b.cs", second))), Text(Run(("b.cs", second), ("a.cs", first))));
    }

    [Fact]
    public void Writes_code_that_compiles_without_warnings()
    {
        CSharpCompilation compilation = Compile(("a.cs", Using + """
            namespace N.@event
            {
                public enum E : short { A = -1 }
                [Codec] public sealed partial record @class(int @int, E? @e, (int, (string?, E)[])? T, List<int?>? L, SortedDictionary<(int, string), byte[]?>? D)
                {
                    [Obsolete] public Queue<ReadOnlyMemory<byte>> Old { get; init; } = new(); public required string R { get; init; }
                    private readonly E[]?[][] jagged = [];
                    public @class? Next { get; init; }
                }
                [Codec] public partial struct S { [CodecIgnore] public readonly string Cache; public readonly uint Id; public S(uint id) { Id = id; Cache = ""; } }
            }
            """));
        CSharpGeneratorDriver.Create(new CodecGenerator())
            .WithUpdatedParseOptions(Parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning && found.Id is not "CS0414" and not "CS8981"));
    }

    private const string Using = "#nullable enable\nusing System; using System.Collections.Generic; using XenActors.Simulation;\n";

    // The compiler library may be older than the language that the product is written in.
    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Preview);

    private static string Schema(string source) => Regex.Match(Text(Run(source)), "Schema => (.*);").Groups[1].Value;

    private static string Text(GeneratorDriverRunResult result) => result.GeneratedTrees.First().ToString();

    private static GeneratorDriverRunResult Run(string source) => Run(("a.cs", source));

    private static GeneratorDriverRunResult Run(params (string Path, string Source)[] files) =>
        CSharpGeneratorDriver.Create(new CodecGenerator())
            .WithUpdatedParseOptions(Parse)
            .RunGenerators(Compile([.. files.Select(file => (file.Path, Using + file.Source))]))
            .GetRunResult();

    private static CSharpCompilation Compile(params (string Path, string Source)[] files)
    {
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return CSharpCompilation.Create(
            "Sample",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Source, Parse, file.Path)),
            platform.Split(Path.PathSeparator).Append(typeof(CodecAttribute).Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, checkOverflow: true, nullableContextOptions: NullableContextOptions.Enable));
    }
}
