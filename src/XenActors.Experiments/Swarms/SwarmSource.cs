using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>A file that a swarm takes its scenarios from: ranges to draw from, or one scenario for all seeds.</summary>
public sealed class SwarmSource
{
    private readonly HoconObject? _ranges;
    private readonly JsonObject? _scenario;

    private SwarmSource(string file, HoconObject? ranges, JsonObject? scenario)
    {
        File = file;
        _ranges = ranges;
        _scenario = scenario;
    }

    public string File { get; }

    /// <summary>The same for the same content.</summary>
    public string Identity => ShortName.Of(_ranges is null ? _scenario!.ToJsonString() : HoconJson.Render(_ranges));

    /// <exception cref="UserErrorException">It cannot be read, or is neither.</exception>
    public static SwarmSource Load(string file, string profiles)
    {
        if (!System.IO.File.Exists(file))
        {
            throw new UserErrorException($"{file}: no such scenario or swarm file");
        }

        try
        {
            var root = HoconConfig.Load(file);
            if (!root.TryGetObject("swarm", out var ranges))
            {
                // What is wrong with it is told with its places; drawn ones are checked as they come.
                var scenario = ScenarioFile.Load(file, profiles);
                ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, profiles);
                return new(file, null, ScenarioDocument.Load(file));
            }

            SwarmKeys.Check(root, ranges);
            var source = new SwarmSource(file, ranges, null);
            source.Draw(0);
            return source;
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>The scenario of a seed.</summary>
    public JsonObject Draw(ulong seed)
    {
        if (_ranges is not null)
        {
            return ScenarioDraw.Of(_ranges, seed);
        }

        var scenario = (JsonObject)_scenario!.DeepClone();
        scenario["seed"] = seed;
        return scenario;
    }
}
