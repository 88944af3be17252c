using System.CommandLine;
using XenActors.Cli;
using XenActors.Experiments;
using XenActors.Simulation;

// Exit codes: 0 it worked, 1 it ran and the outcome is bad or this program has a defect, 2 the input is wrong.
var root = new RootCommand("A Xen machine room without hardware.") { BootCommand.Create(), BenchCommand.Create(), XenstoredCommand.Create() };
try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        Console.Error.WriteLine($"xenactors: {parsed.Errors[0].Message}");
        return 2;
    }

    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UserErrorException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
catch (SimulationException defect)
{
    // Ours, not the user's: the message has actor, virtual time and seed; the same command repeats it.
    Console.Error.WriteLine($"xenactors: {defect.Message}");
    Console.Error.WriteLine($"repeat with: xenactors {string.Join(' ', args)}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("xenactors: cancelled");
    return 130;
}
