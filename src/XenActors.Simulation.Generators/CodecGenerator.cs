using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace XenActors.Simulation.Generators;

/// <summary>Writes the codec of every type marked [Codec].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class CodecGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<CodecOutput> outputs = context.SyntaxProvider.ForAttributeWithMetadataName(
            CodecNames.CodecAttribute,
            static (node, _) => node is TypeDeclarationSyntax,
            static (found, cancel) => Write((INamedTypeSymbol)found.TargetSymbol, cancel));
        context.RegisterSourceOutput(outputs, static (production, output) => Publish(production, output));
    }

    private static CodecOutput Write(INamedTypeSymbol type, CancellationToken cancel)
    {
        var diagnostics = new List<CodecDiagnostic>();
        ShapeCheck.Check(type, diagnostics);
        string? source = null;
        if (diagnostics.Count == 0)
        {
            CodecMembers members = CodecMembers.Of(type);
            MemberCheck.Check(members, diagnostics);
            cancel.ThrowIfCancellationRequested();
            source = diagnostics.Count == 0 ? new TypeWriter(members, SchemaHash.Of(members)).Write() : null;
        }

        // A hint may hold letters, digits and dots, but no keyword escape.
        string hint = type.ToDisplayString().Replace("@", "").Replace('<', '_').Replace('>', '_');
        return new CodecOutput(hint + ".Codec.g.cs", source, diagnostics.ToImmutableArray());
    }

    private static void Publish(SourceProductionContext production, CodecOutput output)
    {
        foreach (Diagnostic diagnostic in output.Diagnostics.Select(found => found.ToDiagnostic()))
        {
            production.ReportDiagnostic(diagnostic);
        }

        if (output.Source is not null)
        {
            production.AddSource(output.Hint, SourceText.From(output.Source, Encoding.UTF8));
        }
    }
}
