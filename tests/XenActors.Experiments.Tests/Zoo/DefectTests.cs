using XenActors.Experiments;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Zoo;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Zoo;

/// <summary>Each known defect fails its own scenario with its own checker; without the defect the scenario holds.</summary>
public sealed class DefectTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    public static TheoryData<string> Names => [.. DefectCatalog.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void FailsItsScenarioWithItsChecker(string name)
    {
        var outcome = Run(Load(name));

        Assert.Contains(outcome.Violations, v => v.Checker == DefectCatalog.Find(name)!.Checker);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItsScenarioHoldsWithoutIt(string name)
    {
        var outcome = Run(Load(name) with { Defects = [] });

        Assert.Empty(outcome.Violations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NamesAFileOfRangesAndACheckerThatThereAre(string name)
    {
        var defect = DefectCatalog.Find(name)!;

        Assert.True(File.Exists(Path.Combine(Profiles, "swarm", defect.Swarm + ".conf")));
        Assert.NotNull(XenActors.Experiments.Checkers.CheckerCatalog.Create(defect.Checker));
    }

    [Fact]
    public void EachHasASwitchOfItsOwn()
    {
        Assert.Equal(DefectCatalog.All.Count, DefectCatalog.All.Select(d => d.Flag).Distinct().Count());
        Assert.All(DefectCatalog.All, d => Assert.True(ulong.IsPow2((ulong)d.Flag)));
    }

    [Fact]
    public void ANameThatThereIsNotIsSaidWithItsPlaceAndTheNearestOne()
    {
        var scenario = ScenarioFile.Parse("domains { g { } }\ndefects = [blkback-no-finalcheck]", "mine.conf", ".", Profiles);

        var mistake = Assert.Throws<UserErrorException>(() => Run(scenario));

        Assert.StartsWith("mine.conf:2:11: there is no defect blkback-no-finalcheck; did you mean blkback-no-final-check?", mistake.Message, StringComparison.Ordinal);
    }

    private static Scenario Load(string name)
    {
        var scenario = ScenarioFile.Load(Path.Combine(Profiles, "scenarios", "zoo", name + ".conf"), Profiles);
        Assert.Equal([name], scenario.Defects);
        return scenario;
    }

    private static ScenarioOutcome Run(Scenario scenario) =>
        ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
}
