using System.CommandLine;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Timelines;

namespace XenActors.Cli;

/// <summary>
/// <c>xenactors explain</c>: the decisive events of a finding, or of any scenario in which a checker fails. Exit code 1 when one does, 0 when all hold and there
/// is nothing to explain.
/// </summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var scenario = new Argument<string>("FINDING") { Description = "A finding's file, or a scenario." };
        var seed = Options.Number<ulong>("--seed", 0, 0, ulong.MaxValue, "The seed instead of the file's.");
        var mermaid = new Option<bool>("--mermaid") { Description = "Print a Mermaid sequence diagram instead." };
        var lines = Options.Number("--lines", Explanation.LinesUsual, 1, 100_000, "How many events at most.");
        var engine = new EngineChoice();
        var command = new Command("explain", "Print the decisive events that lead to a finding.") { scenario, seed, mermaid, lines };
        engine.AddTo(command);
        command.SetLongAction((result, cancel) =>
        {
            var read = ScenarioFile.Load(result.GetValue(scenario)!, RunCommand.Profiles);
            var chosen = result.GetResult(seed) is { Implicit: false } ? result.GetValue(seed) : read.Seed;
            var explained = ExplainedRun.Of(read, chosen, engine.Read(result), RunCommand.Profiles, result.GetValue(lines), RunCommand.Progress(), cancel);
            ProgressLine.End();
            if (explained is null)
            {
                Console.Out.WriteLine($"{read.Name}, seed {chosen}: all checkers hold, there is nothing to explain");
                return 0;
            }

            Console.Out.Write(result.GetValue(mermaid) ? explained.Mermaid() : explained.Text());
            return 1;
        });
        return command;
    }
}
