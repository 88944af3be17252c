using XenActors.Simulation;

namespace XenActors.TestKit;

/// <summary>A test's trace and what can be said about it.</summary>
public sealed class TestTrace
{
    private readonly SimulationTest _test;

    internal TestTrace(SimulationTest test, TraceLog log)
    {
        _test = test;
        Log = log;
    }

    /// <summary>The messages themselves.</summary>
    public TraceLog Log { get; }

    /// <summary>One line a message: time, receiver, sender, message.</summary>
    public IEnumerable<string> Lines => Log.Records.Select(r => r.ToString());

    /// <summary>Some line contains this text.</summary>
    public void AssertContains(string text) => AssertOrder(text);

    /// <summary>Lines that contain these texts stand in this order, each after the one before; others may lie between.</summary>
    public void AssertOrder(params ReadOnlySpan<string> texts)
    {
        var found = 0;
        foreach (var line in Lines)
        {
            if (found < texts.Length && line.Contains(texts[found], StringComparison.Ordinal))
            {
                found++;
            }
        }

        if (found < texts.Length)
        {
            throw _test.Failure($"the trace has no \"{texts[found]}\"{(found > 0 ? $" after \"{texts[found - 1]}\"" : "")}");
        }
    }
}
