using XenActors.Experiments;
using XenActors.Experiments.Placement;
using XenActors.Experiments.Scenarios;

namespace XenActors.Tests.Experiments.Placement;

public sealed class PlacesTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");
    private static readonly string[] One = ["outside", "dom0", "phys", "dom1", "dom2", "dom3"];
    private static readonly string[] Two = ["outside", "a/dom0", "a/phys", "a/dom1", "b/dom0", "b/phys", "b/dom1", "b/dom2", "net"];

    [Theory]
    [InlineData("by-host", 2, 1, "0 0 0 0 0 0", "0 0 0 0 1 1 1 1 0")]
    [InlineData("by-domain", 1, 1, "0 0 0 0 0 0", "0 0 0 0 0 0 0 0 0")]
    [InlineData("by-domain", 2, 1, "0 0 0 1 1 1", "0 0 0 1 1 1 0 0 0")]
    [InlineData("by-domain", 3, 1, "0 0 0 1 2 1", "0 0 0 1 1 1 2 0 0")]
    [InlineData("by-domain", 2, 2, "0 0 0 1 2 3", "0 0 0 1 1 1 2 3 0")]
    public void A_strategy_places_hosts_and_guests(string strategy, int nodes, int each, string one, string two)
    {
        var placement = Read($"placement {{ strategy = {strategy} }}");
        Assert.Equal(one, string.Join(' ', new Places(nodes, each).Of(placement, One, null)));
        Assert.Equal(two, string.Join(' ', new Places(nodes, each).Of(placement, Two, null)));
    }

    [Fact]
    public void The_longest_name_that_fits_is_meant()
    {
        var placement = Read("placement { strategy = explicit, explicit { \"*\" = 0, \"dom*\" = 1, dom0 = 2 } }");
        Assert.Equal([0, 2, 0, 1, 1, 1], new Places(3, 1).Of(placement, One, null));
        Assert.Equal([0, 4, 0, 2, 3, 2], new Places(3, 2).Of(placement, One, null));
    }

    [Fact]
    public void Balanced_gives_the_busiest_first_to_who_has_least()
    {
        var placement = Read("placement { strategy = balanced }");
        Assert.Equal([1, 0, 1, 1, 1, 1], new Places(2, 1).Of(placement, One, [0, 100, 40, 30, 20, 5]));
    }

    [Theory]
    [InlineData("strategy = by-hots", "s.conf:1:24: expected one of by-host, by-domain, explicit or balanced")]
    [InlineData("strategy = explicit", "s.conf:1:24: expected processes and their nodes in 'explicit' but found none")]
    [InlineData("strategy = explicit, explicit { dom0 = here }", "s.conf:1:52: expected a node's number from 0 to 1023 at 'dom0' but found")]
    public void A_mistake_in_the_file_is_told_at_its_place(string text, string message)
    {
        var mistake = Assert.Throws<UserErrorException>(() => Read($"placement {{ {text} }}"));
        Assert.StartsWith(message[..13], mistake.Message);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Theory]
    [InlineData("\"*\" = 0, dom0 = 2", "expected a node from 0 to 1 for dom0 but found 2")]
    [InlineData("\"*\" = 0, dom7 = 1", "expected a logical process of the scenario but found 'dom7'; there are dom0, phys, dom1, dom2, dom3")]
    [InlineData("dom0 = 0, phys = 1", "expected a node for every logical process but found none for dom1; \"*\" = 0 stands for all others")]
    [InlineData("\"*\" = 0, \"dom0/xenstored\" = 1", "dom0/xenstored cannot be parted from dom0: actors of one logical process talk in zero time, so a cut between them has no lookahead; place dom0 as a whole")]
    public void A_placement_that_cannot_be_is_refused(string placed, string message)
    {
        var placement = Read($"placement {{ strategy = explicit, explicit {{ {placed} }} }}");
        var mistake = Assert.Throws<UserErrorException>(() => new Places(2, 1).Of(placement, One, null));
        Assert.Matches("^s.conf:1:[0-9]+: ", mistake.Message);
        Assert.EndsWith(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_topology_shows_loads_and_cuts()
    {
        var scenario = ScenarioFile.Load(Path.Combine(Profiles, "scenarios", "two-guests.conf"), Profiles);
        var load = MeasuredLoad.Of(scenario, scenario.Seed, Profiles, 20_000);
        var text = Topology.Text(load, new Places(2, 1).Of(scenario.Placement, load.Simulator.ProcessNames, load.Handled), 2, 1);
        Assert.InRange(load.Handled.Sum(), 20_000, load.Simulator.EventsHandled);
        Assert.Matches(@"(?m)^   0          0  dom0 +\d+  \d+\.\d %$", text);
        Assert.Matches(@"(?m)^   1          1  dom1 +\d+ +\d+\.\d %$", text);
        Assert.Matches(@"(?m)^  0 - 1 +\d+ +\d+(\.\d+)? us +[1-9]\d*  dom0 and dom1$", text);
    }

    private static ScenarioPlacement Read(string text) => ScenarioFile.Parse(text, "s.conf", Profiles, Profiles).Placement;
}
