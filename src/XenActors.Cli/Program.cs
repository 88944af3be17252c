using System.CommandLine;
using XenActors.Cli;
using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Simulation;

// Exit codes: 0 it worked, 1 it ran and the outcome is bad or this program has a defect, 2 the input is wrong, 130 it was interrupted.
var root = new RootCommand("A Xen machine room without hardware.") { BootCommand.Create(), ServeCommand.Create(), ReplayCommand.Create(), BenchCommand.Create(), RunCommand.Create(), TopologyCommand.Create(), ExplainCommand.Create(), SwarmCommand.Create(), FaultsCommand.Create(), DefectsCommand.Create(), FioCommand.Create(), CompareCommand.Create(), XenstoredCommand.Create(), XenstoreCommand.Create(), HypervisorViewCommand.Lsevtchn(), HypervisorViewCommand.Gnttab() };
try
{
    // The xenstore tools read their own command line, as the real ones do.
    if ((XenstoreCommand.TryRun(args) ?? HypervisorViewCommand.TryRun(args)) is { } code)
    {
        return code;
    }

    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        // Ours begin with the option, as everywhere; the library's do not.
        var problem = parsed.Errors[0].Message;
        return Errors.End(2, problem.StartsWith('-') ? problem : $"xenactors: {problem}");
    }

    // What an interrupt ends may have something to put away.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
catch (NodeEndedException ended)
{
    // Told already.
    return ended.Code;
}
catch (ClusterException mistake)
{
    return Errors.End(2, $"xenactors: {mistake.Message}");
}
catch (UserErrorException mistake)
{
    return Errors.End(2, mistake.Message);
}
catch (SimulationException defect)
{
    // Ours, not the user's: the message has actor, virtual time and seed; the same command repeats it.
    return Errors.End(1, $"xenactors: {defect.Message}", $"repeat with: xenactors {string.Join(' ', args)}");
}
catch (OperationCanceledException)
{
    ProgressLine.End();
    return Errors.End(130, "xenactors: cancelled");
}
catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
{
    // A full disk or a closed stream behind the output.
    return Errors.End(1, $"xenactors: {cause.Message}");
}
