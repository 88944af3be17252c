using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Simulation;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.TestKit.Scenarios;

/// <summary>A scenario and a seed, as <c>[Scenario]</c> and <c>[Swarm]</c> give them to a test.</summary>
public sealed class ScenarioCase : IXunitSerializable
{
    private const string Kept = "findings";

    private static readonly string[] Places = ["", Path.Combine("hocon", "scenarios"), Path.Combine("hocon", "swarm")];

    private string _file = "";
    private string _test = "";

    /// <summary>For the test framework, which fills it in.</summary>
    [Obsolete("Called by the de-serializer; should only be called by deriving classes for de-serialization purposes")]
    public ScenarioCase()
    {
    }

    /// <param name="file">A scenario file, or a swarm file.</param>
    /// <param name="seed">Null: the file's own.</param>
    /// <param name="test">Namespace, class and method, for the command that repeats it.</param>
    public ScenarioCase(string file, ulong? seed, string test) => (_file, Seed, _test) = (file, seed, test);

    /// <summary>Null: the scenario file's own.</summary>
    public ulong? Seed { get; private set; }

    private static string Profiles => Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>Runs it to its end; what checkers have found is in the outcome.</summary>
    public ScenarioOutcome Run(EngineOptions? engine = null) => Run(Document(), engine);

    /// <summary>Runs it to its end: the test fails when a checker objects, with what ran, what was found, and the commands that do it again.</summary>
    public ScenarioOutcome AssertHolds(EngineOptions? engine = null)
    {
        var document = Document();
        var outcome = Run(document, engine);
        return outcome.Holds ? outcome : throw Failure(document, outcome);
    }

    public override string ToString() => Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"{_file}, seed {seed}") : _file;

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue("file", _file);
        info.AddValue("test", _test);
        info.AddValue("seed", Seed?.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    public void Deserialize(IXunitSerializationInfo info)
    {
        _file = info.GetValue<string>("file");
        _test = info.GetValue<string>("test");
        Seed = ulong.TryParse(info.GetValue<string>("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;
    }

    private string Found
    {
        get
        {
            var places = Places.Select(p => Path.Combine(AppContext.BaseDirectory, p, _file)).ToList();
            return places.Find(File.Exists) ?? throw new UserErrorException($"{_file}: no such scenario or swarm file; looked for {string.Join(", ", places)}");
        }
    }

    // What is run stands alone: xl files are taken in, ranges are drawn from.
    private JsonObject Document()
    {
        var source = SwarmSource.Load(Found, Profiles);
        return Seed is { } seed ? source.Draw(seed) : ScenarioDocument.Load(Found);
    }

    private ScenarioOutcome Run(JsonObject document, EngineOptions? engine)
    {
        var scenario = ScenarioFile.Parse(ScenarioDocument.Write(document), Path.GetFileName(_file), Path.GetDirectoryName(Found)!, Profiles);
        return ScenarioRun.Prepare(scenario, scenario.Seed, engine ?? EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
    }

    private XunitException Failure(JsonObject document, ScenarioOutcome outcome)
    {
        document["seed"] = outcome.Seed;
        var finding = new Finding(_file, outcome.Seed, document, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
        var directory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, Kept)).FullName;
        var kept = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{finding.Name}-{outcome.Seed}.conf"));
        File.WriteAllText(kept, finding.Text(_test));
        return new(string.Join(Environment.NewLine, [
            $"{this}: {outcome.Violations.Count} {(outcome.Violations.Count == 1 ? "violation" : "violations")}",
            ScenarioText.Of(outcome).TrimEnd('\n'),
            $"xenactors run {kept}",
            .. RepeatCommand.Lines(_test, outcome.Seed),
        ]));
    }
}
