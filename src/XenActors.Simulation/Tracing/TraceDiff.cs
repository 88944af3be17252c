namespace XenActors.Simulation;

/// <summary>Where two histories part.</summary>
public sealed record TraceDifference(long Index, string? Left, string? Right, IReadOnlyList<string> Before)
{
    /// <summary>The first diverging event of both sides, after the last events that they share.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, Before.Select(line => "  " + line)
            .Append($"first difference, event {Index}:")
            .Append("- " + (Left ?? "(ends here)"))
            .Append("+ " + (Right ?? "(ends here)")));
}

/// <summary>Compares two traces event by event.</summary>
public static class TraceDiff
{
    private const int ContextLines = 3;

    /// <summary>Null when both are the same.</summary>
    public static TraceDifference? First(IEnumerable<string> left, IEnumerable<string> right) =>
        First(left, right, static line => line, static line => line);

    /// <summary>Null when both are the same, to the last field of the last message.</summary>
    public static TraceDifference? First(TraceLog left, TraceLog right) =>
        First(left.Records, right.Records, static r => r.ToString(), static r => $"{r} #{r.Digest:x16}");

    // The line is what people read; the exact form is shown only where two lines read alike and are not.
    private static TraceDifference? First<T>(IEnumerable<T> left, IEnumerable<T> right, Func<T, string> line, Func<T, string> exact)
        where T : notnull
    {
        using var a = left.GetEnumerator();
        using var b = right.GetEnumerator();
        var before = new Queue<string>();
        for (long index = 0; ; index++)
        {
            var hasLeft = a.MoveNext();
            var hasRight = b.MoveNext();
            if (!hasLeft && !hasRight)
            {
                return null;
            }

            if (!hasLeft || !hasRight || !a.Current.Equals(b.Current))
            {
                var show = hasLeft && hasRight && line(a.Current) == line(b.Current) ? exact : line;
                return new(index, hasLeft ? show(a.Current) : null, hasRight ? show(b.Current) : null, [.. before]);
            }

            before.Enqueue(line(a.Current));
            if (before.Count > ContextLines)
            {
                before.Dequeue();
            }
        }
    }
}
