namespace XenActors.Tests.Live.Differential;

/// <summary>Smaller sequences: without some steps, or with a simpler one.</summary>
internal static class Shrinking
{
    public static IEnumerable<Step[]> Smaller(Step[] steps)
    {
        for (var chunk = steps.Length / 2; chunk > 0; chunk /= 2)
        {
            for (var at = 0; at + chunk <= steps.Length; at += chunk) yield return [.. steps[..at], .. steps[(at + chunk)..]];
        }

        for (var at = 0; at < steps.Length; at++)
        {
            foreach (var simpler in Simpler(steps[at])) yield return [.. steps[..at], simpler, .. steps[(at + 1)..]];
        }
    }

    private static IEnumerable<Step> Simpler(Step step)
    {
        if (step is not Ask ask) yield break;
        if (ask.Transaction != TransactionChoice.None) yield return ask with { Transaction = TransactionChoice.None };
        if (ask.Who.Number is > 0 and < Who.SocketCount) yield return ask with { Who = Who.A };
        foreach (var (from, to) in ((string, string)[])[("/local/domain/1", "/t"), ("/c", "/a"), ("/b", "/a"), ("/a/a", "/a"), ("vvvvvvvv", ""), ("zzzzzzzz", "z"), ("kkkkkkkk", "")])
        {
            if (ask.Payload.Contains(from, StringComparison.Ordinal)) yield return ask with { Payload = ask.Payload.Replace(from, to, StringComparison.Ordinal) };
        }

        // One letter less of a long run.
        for (var i = 0; i + 8 < ask.Payload.Length; i++)
        {
            if (ask.Payload.AsSpan(i, 8).ContainsAnyExcept(ask.Payload[i])) continue;
            yield return ask with { Payload = ask.Payload.Remove(i, 1) };
            yield break;
        }
    }
}
