using System.CommandLine;
using System.Reflection;
using System.Security.Cryptography;
using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--nodes N</c> and <c>--hostfile FILE</c>: this command starts itself on several processes.</summary>
internal sealed class NodesChoice
{
    private readonly Option<int> _nodes = Options.Number("--nodes", 1, 1, 1024, "Processes that share the simulation (Open MPI); with --engine threads each has --partitions threads.");
    private readonly Option<FileInfo?> _hosts = Options.File("--hostfile", "The machines to run them on, as mpirun reads it.");

    // As a shell counts: mpirun's exit code when a signal has ended one of its processes.
    private const int Signal = 128;
    private const int Interrupted = Signal + 2;

    public void AddTo(Command command)
    {
        command.Options.Add(_nodes);
        command.Options.Add(_hosts);
    }

    /// <summary>What sees one node's share only.</summary>
    /// <exception cref="UserErrorException">It was asked for, and several nodes, too.</exception>
    public void Refuse(ParseResult result, params ReadOnlySpan<(string Option, FileInfo? File)> files)
    {
        foreach (var (option, file) in files)
        {
            if (file is not null && (result.GetValue(_nodes) > 1 || MpiNodes.Started))
            {
                throw new UserErrorException($"{option}: expected it without --nodes: a trace would hold one process's part");
            }
        }
    }

    /// <param name="check">Tells what is wrong with the input once, before there are several processes.</param>
    /// <param name="run">Given the nodes that this process has joined; null when there is one process.</param>
    /// <exception cref="ClusterException">Open MPI is missing, or has failed.</exception>
    public int Run(ParseResult result, Action check, Func<MpiNodes?, int> run)
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

            check();
            var code = MpiRun.Start(nodes, hosts?.FullName, Environment.GetCommandLineArgs().Skip(1));
            return code > Signal && code != Interrupted ? Errors.End(1, $"xenactors: a node was ended by signal {code - Signal}: the run is lost") : code;
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

    /// <summary>Whether this process prints: node 0 does, and the others have the same to tell.</summary>
    public static bool Tells(MpiNodes? joined) => joined is null or { Self: 0 };

    /// <param name="asked">What the command line says; the threads of it become those of each node.</param>
    /// <param name="files">What is run.</param>
    /// <param name="assemblies">Where its actors and messages are.</param>
    public static EngineOptions Engine(MpiNodes? joined, EngineOptions asked, IEnumerable<string> files, params Assembly[] assemblies) => joined is null ? asked : EngineOptions.Nodes(
        joined,
        new TypeCatalog(assemblies),
        BuildId.Of([typeof(EngineOptions).Assembly, typeof(MpiNodes).Assembly, .. assemblies]),
        string.Join(' ', files.Select(Content)),
        asked.Partitions);

    // The name and the beginning of a hash: what two nodes have under one name may differ.
    private static string Content(string file) => File.Exists(file) ? $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..8]}" : file;
}
