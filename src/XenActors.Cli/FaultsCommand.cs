using System.CommandLine;
using XenActors.Experiments.Faults;

namespace XenActors.Cli;

/// <summary><c>xenactors faults</c>: what can go wrong on command.</summary>
internal static class FaultsCommand
{
    public static Command Create()
    {
        var kind = new Argument<string?>("KIND") { Description = "One kind; without it all, a line each.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var command = new Command("faults", "List the kinds of faults that a scenario can name: parameters, units, defaults, and what they stand for.") { kind, json };
        kind.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } token)
            {
                result.AddError($"{token.Value}: unknown option");
            }
        });
        command.SetAction(result => Run(result.GetValue(kind), result.GetValue(json)));
        return command;
    }

    private static int Run(string? name, bool json)
    {
        var only = name is null ? null : FaultCatalog.Require(name, "faults");
        if (json)
        {
            FaultListing.WriteJson(only is null ? FaultCatalog.All : [only], Console.OpenStandardOutput());
        }
        else
        {
            Console.Out.Write(only is null ? FaultListing.Text() : FaultListing.Text(only));
        }

        return 0;
    }
}
