using System.CommandLine;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--engine</c> and <c>--partitions</c>.</summary>
internal sealed class EngineChoice
{
    private readonly Option<string> _engine = new("--engine") { Description = "sequential or threads.", DefaultValueFactory = _ => "sequential" };
    private readonly Option<int> _partitions = Options.Partitions();

    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_partitions);
    }

    public EngineOptions Read(ParseResult result) => Options.Engine(result.GetValue(_engine)!, result.GetValue(_partitions));
}
