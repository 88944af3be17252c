using System;
using System.Collections.Immutable;
using System.Linq;

namespace XenActors.Simulation.Generators;

/// <summary>What one type came to. Compared by value, so that an edit elsewhere emits nothing anew.</summary>
internal sealed class CodecOutput(string hint, string? source, ImmutableArray<CodecDiagnostic> diagnostics) : IEquatable<CodecOutput>
{
    public string Hint { get; } = hint;

    /// <summary>Null where a diagnostic stopped the codec.</summary>
    public string? Source { get; } = source;

    public ImmutableArray<CodecDiagnostic> Diagnostics { get; } = diagnostics;

    public bool Equals(CodecOutput? other) =>
        other is not null && Hint == other.Hint && Source == other.Source && Diagnostics.SequenceEqual(other.Diagnostics);

    public override bool Equals(object? obj) => Equals(obj as CodecOutput);

    public override int GetHashCode() => Hint.GetHashCode();
}
