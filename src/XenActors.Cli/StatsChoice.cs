using System.CommandLine;
using XenActors.Experiments.Placement;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--stats</c> and <c>--stats-json FILE</c>: what each partition has done.</summary>
internal sealed class StatsChoice
{
    private readonly Option<bool> _table = new("--stats") { Description = "Print to stderr what each partition has done: events, windows, time in exchange, imbalance." };
    private readonly Option<FileInfo?> _json = Options.File("--stats-json", "Write the same to this file as JSON.");

    public void AddTo(Command command)
    {
        command.Options.Add(_table);
        command.Options.Add(_json);
    }

    public EngineOptions Measure(ParseResult result, EngineOptions engine) => engine with { Measured = result.GetValue(_table) || result.GetValue(_json) is not null };

    /// <summary>By the node that tells.</summary>
    public void Tell(ParseResult result, Simulator simulator)
    {
        if (result.GetValue(_table))
        {
            Console.Error.Write(RunStatistics.Text(simulator));
        }

        if (result.GetValue(_json) is { } file)
        {
            using var stream = file.Create();
            RunStatistics.WriteJson(simulator, stream);
        }
    }
}
