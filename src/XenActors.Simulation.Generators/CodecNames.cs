namespace XenActors.Simulation.Generators;

/// <summary>The names that generated code and the generator's lookups share.</summary>
internal static class CodecNames
{
    public const string Namespace = "XenActors.Simulation";
    public const string Global = "global::" + Namespace + ".";
    public const string CodecAttribute = Namespace + ".CodecAttribute";
    public const string IgnoreAttribute = Namespace + ".CodecIgnoreAttribute";
    public const string Reader = Global + "CodecReader";
    public const string Generated = Global + "CodecGenerated";
    public const string SinkConstraint = "where TSink : struct, " + Global + "ICodecSink, allows ref struct";
    public const string Inline =
        "[global::System.Runtime.CompilerServices.MethodImpl("
        + "global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";
}
