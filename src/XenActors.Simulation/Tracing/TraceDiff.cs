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
    public static TraceDifference? First(IEnumerable<string> left, IEnumerable<string> right)
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

            if (!hasLeft || !hasRight || !string.Equals(a.Current, b.Current, StringComparison.Ordinal))
            {
                return new(index, hasLeft ? a.Current : null, hasRight ? b.Current : null, [.. before]);
            }

            before.Enqueue(a.Current);
            if (before.Count > ContextLines)
            {
                before.Dequeue();
            }
        }
    }

    /// <summary>Null when both are the same.</summary>
    public static TraceDifference? First(TraceLog left, TraceLog right) =>
        First(left.Records.Select(r => r.ToString()), right.Records.Select(r => r.ToString()));
}
