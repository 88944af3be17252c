using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace XenActors.Simulation.Generators;

/// <summary>
/// One complaint as plain values: a <see cref="Location"/> would keep its syntax tree alive in the compiler's cache.
/// </summary>
internal sealed record CodecDiagnostic(
    DiagnosticDescriptor Rule, string Path, TextSpan Span, LinePositionSpan Lines, string Name, string Detail, string Advice)
{
    public static CodecDiagnostic At(DiagnosticDescriptor rule, Location? location, string name, string detail = "", string advice = "")
    {
        FileLinePositionSpan lines = (location ?? Location.None).GetLineSpan();
        return new(rule, lines.Path ?? "", location?.SourceSpan ?? default, lines.Span, name, detail, advice);
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Location.Create(Path, Span, Lines), Name, Detail, Advice);
}
