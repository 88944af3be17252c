namespace XenActors.Toolstack.Xl;

/// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
public static class EditDistance
{
    /// <summary>The distance, or <paramref name="bound"/> as soon as it cannot be less.</summary>
    public static int Between(string left, string right, int bound)
    {
        // Also keeps a key of a million characters cheap.
        if (Math.Abs(left.Length - right.Length) >= bound)
        {
            return bound;
        }

        var row = new int[right.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return Math.Min(row[^1], bound);
    }
}
