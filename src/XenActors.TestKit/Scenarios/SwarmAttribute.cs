using System.Reflection;
using Xunit.Sdk;

namespace XenActors.TestKit.Scenarios;

/// <summary>
/// Runs a theory for each of so many seeds, or for the one that the environment names. Without a file its parameter is the seed, an <c>ulong</c>; with a swarm
/// file, or a scenario file, it is a <see cref="ScenarioCase"/>: what the file draws by that seed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SwarmAttribute : DataAttribute
{
    public SwarmAttribute(int seeds) => Count = seeds;

    /// <param name="file">Beside the test assembly, or in its <c>hocon/swarm</c> or <c>hocon/scenarios</c>.</param>
    /// <param name="seeds">How many.</param>
    public SwarmAttribute(string file, int seeds)
    {
        File = file;
        Count = seeds;
    }

    public string? File { get; }

    public int Count { get; }

    /// <summary>The first seed.</summary>
    public ulong From { get; set; } = 1;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var seeds = Seeds.Override is { } one ? [one] : Enumerable.Range(0, Count).Select(i => From + (ulong)i);
        return seeds.Select(seed => new object[] { File is null ? seed : new ScenarioCase(File, seed, TestName.Of(testMethod)) });
    }
}
