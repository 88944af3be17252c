namespace XenActors.Experiments.Faults;

/// <summary>The known name that somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>A half sentence, <c>; did you mean event-drop?</c>, or nothing when no name is near.</summary>
    public static string Suggest(string written, IEnumerable<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: Distance(written, k))).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, written.Length / 3) ? $"; did you mean {best.Name}?" : "";
    }

    // Levenshtein's: letters to be changed, put in or left out.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
