using System.Text;
using System.Text.Json;
using XenActors.Experiments;
using XenActors.Experiments.Faults;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.TestKit.Faults;

public sealed class FaultCatalogTests
{
    public static TheoryData<string> Kinds => [.. FaultCatalog.All.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_says_all_about_itself(string name)
    {
        var kind = FaultCatalog.Require(name, "here");
        Assert.All(new[] { kind.Summary, kind.StandsFor, kind.Place, kind.Heals }, t => Assert.True(t.Length > 5, t));
        Assert.Matches("^[a-z]+(-[a-z]+)+$", kind.Name);
        Assert.Equal(kind.Parameters.Count, kind.Parameters.Select(p => p.Name).Distinct().Count());

        // Its defaults are values that it takes itself.
        var spec = Spec(name);
        foreach (var parameter in kind.Parameters)
        {
            spec.Parameters[parameter.Name] = parameter.Default ?? (parameter.Value == FaultValue.Device ? "a/xvda" : "a");
        }

        Assert.Equal(kind, Fault.Create(spec).Kind);
        Assert.Contains(name, FaultListing.Text());
        Assert.Contains(kind.StandsFor, FaultListing.Text(kind));
    }

    [Fact]
    public void Names_are_unique()
    {
        Assert.Equal(FaultCatalog.All.Count, FaultCatalog.All.Select(k => k.Name).Distinct().Count());
        Assert.Equal(Enum.GetValues<FaultSubject>(), FaultCatalog.All.Select(k => k.Subject).Distinct());
    }

    [Fact]
    public void The_catalogue_is_a_json_document_too()
    {
        var output = new MemoryStream();
        FaultListing.WriteJson(FaultCatalog.All, output);
        var kinds = JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).RootElement.EnumerateArray().ToList();
        Assert.Equal(FaultCatalog.All.Select(k => k.Name), kinds.Select(k => k.GetProperty("name").GetString()));
        var storm = kinds.Single(k => k.GetProperty("name").GetString() == "event-storm");
        Assert.Equal("10000", storm.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "rate").GetProperty("default").GetString());
    }

    [Theory]
    [InlineData("event-dorp", "", "", "f.conf:1:2: there is no kind of fault event-dorp; did you mean event-drop? (xenactors faults lists them)")]
    [InlineData("lightning", "", "", "f.conf:1:2: there is no kind of fault lightning (xenactors faults lists them)")]
    [InlineData("domain-pause", "", "", "f.conf:1:2: domain-pause needs domain: whose")]
    [InlineData("domain-pause", "domian", "a", "f.conf:3:4: domain-pause has no parameter domian; did you mean domain?")]
    [InlineData("host-power-off", "x", "a", "f.conf:3:4: host-power-off has no parameter x; it has none")]
    [InlineData("disk-slow", "delay", "20", "f.conf:3:4: delay = 20: expected a time as 5ms")]
    [InlineData("disk-slow", "delay", "-1ms", "f.conf:3:4: delay = -1ms: expected a time as 5ms")]
    [InlineData("disk-eio", "requests", "read", "f.conf:3:4: requests = read: expected all or reads or writes or flushes; did you mean reads?")]
    [InlineData("disk-eio", "probability", "1.5", "f.conf:3:4: probability = 1.5: expected a number from 0 to 1")]
    [InlineData("disk-eio", "probability", "NaN", "f.conf:3:4: probability = NaN: expected a number from 0 to 1")]
    [InlineData("disk-eio", "count", "0", "f.conf:3:4: count = 0: expected a whole number from 1, or unlimited")]
    [InlineData("event-drop", "device", "xvda", "f.conf:3:4: device = xvda: expected DOMAIN/DEVICE, as web/xvda or web/vif0")]
    public void A_mistake_is_named_with_its_place(string kind, string parameter, string value, string message)
    {
        var spec = Spec(kind);
        if (parameter.Length > 0)
        {
            spec.Parameters[parameter] = value;
            spec.ParameterPlaces[parameter] = "f.conf:3:4";
        }

        Assert.Equal(message, Assert.Throws<UserErrorException>(() => Fault.Create(spec)).Message);
    }

    [Theory]
    [InlineData("link-loss", 1, false)]
    [InlineData("link-delay", 1, true)]
    [InlineData("link-reorder", 1, true)]
    [InlineData("link-partition", 2, false)]
    public void A_link_fails_and_heals(string kind, int directions, bool arrives)
    {
        var builder = new SimulatorBuilder(7);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, VirtualDuration.FromMicroseconds(50));
        var simulator = builder.Build();
        var (echo, other) = (simulator.Spawn<EchoActor, NoState>(b, "echo", new NoState()), simulator.Spawn<EchoActor, NoState>(a, "echo", new NoState()));
        var spec = Spec(kind);
        (spec.Parameters["from"], spec.Parameters["to"]) = ("a", "b");
        if (kind is "link-loss" or "link-reorder")
        {
            spec.Parameters["probability"] = "1";
        }

        var fault = Fault.Create(spec);
        fault.Install(new FaultSite(simulator));
        var probe = simulator.Spawn<AskingActor, AskingState>(a, "probe", new AskingState { To = echo });
        var back = simulator.Spawn<AskingActor, AskingState>(b, "probe", new AskingState { To = other });
        simulator.RunFor(VirtualDuration.FromSeconds(1));
        Assert.Equal(arrives, simulator.StateOf<AskingState>(probe)!.Answers == 1);
        Assert.Equal(arrives, simulator.StateOf<AskingState>(back)!.Answers == 1);
        Assert.True(fault.Acts >= directions, $"{fault.Acts}");
        fault.Heal();
        var late = simulator.Spawn<AskingActor, AskingState>(a, "late", new AskingState { To = echo });
        simulator.RunFor(VirtualDuration.FromSeconds(1));
        Assert.Equal(1, simulator.StateOf<AskingState>(late)!.Answers);
    }

    private static FaultSpec Spec(string kind) => new() { Name = "f", Kind = kind, Where = "f.conf:1:2" };
}

[Codec]
public sealed partial class AskingState
{
    public ActorRef To { get; set; }

    public int Answers { get; set; }
}

/// <summary>Asks once when it starts.</summary>
public sealed class AskingActor : Actor<AskingState>
{
    protected override void PreStart() => Context.Tell(State.To, new Ask(5));

    public void On(in Answer m) => State.Answers++;
}
