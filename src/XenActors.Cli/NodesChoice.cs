using System.CommandLine;
using System.Reflection;
using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--nodes N</c> and <c>--hostfile FILE</c>: this command starts itself on several processes.</summary>
internal sealed class NodesChoice
{
    private readonly Option<int> _nodes = Options.Number("--nodes", 1, 1, 1024, "Processes that share the simulation (Open MPI); with --engine threads each has --partitions threads.");
    private readonly Option<FileInfo?> _hosts = Options.File("--hostfile", "The machines to run them on, as mpirun reads it.");

    public void AddTo(Command command)
    {
        command.Options.Add(_nodes);
        command.Options.Add(_hosts);
    }

    /// <param name="run">Given the nodes that this process has joined; null when there is one process.</param>
    /// <exception cref="ClusterException">Open MPI is missing, or has failed.</exception>
    public int Run(ParseResult result, Func<MpiNodes?, int> run)
    {
        var nodes = result.GetValue(_nodes);
        if (nodes == 1 && !MpiNodes.Started)
        {
            return run(null);
        }

        if (!MpiNodes.Started)
        {
            var hosts = result.GetValue(_hosts);
            if (hosts is { Exists: false })
            {
                throw new UserErrorException($"--hostfile {hosts}: no such file");
            }

            return MpiRun.Start(nodes, hosts?.FullName, Environment.GetCommandLineArgs().Skip(1));
        }

        using var joined = MpiNodes.Join();
        try
        {
            return run(joined);
        }
        catch (SimulationException cause) when (cause.OnAllNodes && joined.Self > 0)
        {
            throw new NodeEndedException(1);
        }
        catch (Exception cause) when (cause is not SimulationException { OnAllNodes: true })
        {
            // The others would wait for this one.
            var code = cause is UserErrorException or ClusterException ? 2 : cause is OperationCanceledException ? 130 : 1;
            Errors.End(code, $"xenactors: {joined.NameOf(joined.Self)}: {cause.Message}");
            joined.Abort(code);
            throw new NodeEndedException(code);
        }
    }

    public static EngineOptions Engine(MpiNodes nodes, string scenario, int partitions, params Assembly[] assemblies) => EngineOptions.Nodes(
        nodes, new TypeCatalog(assemblies), BuildId.Of([typeof(EngineOptions).Assembly, typeof(MpiNodes).Assembly, .. assemblies]), scenario, partitions);
}
