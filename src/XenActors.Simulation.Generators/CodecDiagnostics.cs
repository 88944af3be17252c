using Microsoft.CodeAnalysis;

namespace XenActors.Simulation.Generators;

/// <summary>Everything the generator refuses, with what to write instead.</summary>
internal static class CodecDiagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "XACODEC001",
        "A codec type must be partial",
        "'{0}' must be partial, because its codec is written into it");

    public static readonly DiagnosticDescriptor UnsupportedMember = Error(
        "XACODEC002",
        "A codec member has an unsupported type",
        "'{0}' has the type '{1}', which has no codec: allowed are bool, integers, char, float, double, enums, string, byte[], "
            + "ReadOnlyMemory<byte>, other [Codec] types, and T?, T[], List<T>, Queue<T>, SortedSet<T>, SortedDictionary<K,V>, "
            + "ImmutableArray<T> and tuples of these (keys must be comparable)");

    public static readonly DiagnosticDescriptor VisibleOrder = Error(
        "XACODEC003",
        "A codec member's order is not defined",
        "'{0}' has the type '{1}', whose order can be seen and differs between runs: use {2}");

    public static readonly DiagnosticDescriptor UnsupportedShape = Error(
        "XACODEC004",
        "A type cannot have a codec",
        "'{0}' cannot have a generated codec: {1}");

    public static readonly DiagnosticDescriptor CannotRestore = Error(
        "XACODEC005",
        "A codec member cannot be restored",
        "'{0}' cannot be restored: {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "XenActors.Codec", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
