using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>What a fault rule has done, in words for a timeline's mark and for an <see cref="Explanation"/>.</summary>
public static class FaultText
{
    /// <summary>As <c>drop XsRequest from dom1/xenbus/vbd-768 to dom1/xenbus (lost-write)</c>.</summary>
    public static string Of(Simulator simulator, in RuleActed acted)
    {
        var from = acted.From.IsNone ? "outside" : simulator.PathOf(acted.From);
        var by = acted.Verdict.By > VirtualDuration.Zero ? $" by {acted.Verdict.By}" : "";
        var what = acted.Verdict.Kind.ToString().ToLowerInvariant();
        return $"{what} {MessageNames.Short(acted.Type.Name)} from {from} to {simulator.PathOf(acted.To)}{by} ({acted.Rule})";
    }
}
