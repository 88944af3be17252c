using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

/// <summary>What swarms have found, and what was mended since: each file failed once, and says what it was.</summary>
public sealed class MendedFindingTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    private static readonly string Findings = Path.Combine(AppContext.BaseDirectory, "Swarms", "Findings");

    public static TheoryData<string> Mended => [.. Directory.GetFiles(Findings, "*.conf").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mended))]
    public void It_holds_now(string name)
    {
        var scenario = ScenarioFile.Load(Path.Combine(Findings, $"{name}.conf"), Profiles);
        var outcome = ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.All(outcome.Faults, f => Assert.NotNull(f.Installed));
    }
}
