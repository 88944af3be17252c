using System.CommandLine;
using XenActors.Experiments.Zoo;

namespace XenActors.Cli;

/// <summary><c>xenactors defects</c>: what real components had wrong, and can have again.</summary>
internal static class DefectsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var command = new Command("defects", "List the known defects that a scenario can switch on: what is wrong, which checker sees it, where it was published.") { json };
        command.SetAction(result => Run(result.GetValue(json)));
        return command;
    }

    private static int Run(bool json)
    {
        if (json)
        {
            DefectListing.WriteJson(Console.OpenStandardOutput());
        }
        else
        {
            Console.Out.Write(DefectListing.Text());
        }

        return 0;
    }
}
