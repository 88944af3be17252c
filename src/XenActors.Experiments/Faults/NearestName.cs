using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Faults;

/// <summary>The known name that somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>A half sentence, <c>; did you mean event-drop?</c>, or nothing when no name is near.</summary>
    public static string Suggest(string written, IEnumerable<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: EditDistance.Between(written, k, int.MaxValue))).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, written.Length / 3) ? $"; did you mean {best.Name}?" : "";
    }
}
