using System.CommandLine;
using System.Reflection;
using System.Security.Cryptography;
using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Experiments.Placement;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--nodes N</c> and <c>--hostfile FILE</c>: this command starts itself on several processes.</summary>
internal sealed class NodesChoice
{
    private readonly Option<int> _nodes = Options.Number("--nodes", 1, 1, 1024, "Processes that share the simulation (Open MPI); with --engine threads each has --partitions threads.");
    private readonly Option<FileInfo?> _hosts = Options.File("--hostfile", "The machines to run them on, as mpirun reads it.");

    private readonly Option<int> _restarts = Options.Number("--restarts", 0, 0, 1000, "How often a run that has lost a node is started again, on one node fewer.");

    // As a shell counts: mpirun's exit code when a signal has ended one of its processes.
    private const int Signal = 128;
    private const int Interrupted = Signal + 2;

    public void AddTo(Command command)
    {
        command.Options.Add(_nodes);
        command.Options.Add(_hosts);
        command.Options.Add(_restarts);
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

    /// <summary>How many processes are asked for.</summary>
    public int Count(ParseResult result) => result.GetValue(_nodes);

    /// <param name="check">Tells what is wrong with the input once, before there are several processes.</param>
    /// <param name="run">Given the nodes that this process has joined; null when there is one process.</param>
    /// <param name="checkpoints">What a run that is started again continues from; from the beginning when there are none.</param>
    /// <exception cref="ClusterException">Open MPI is missing, or has failed.</exception>
    public int Run(ParseResult result, Action check, Func<MpiNodes?, int> run, CheckpointDirectory? checkpoints = null)
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
            return Start(nodes, hosts?.FullName, result.GetValue(_restarts), checkpoints);
        }

        var code = NodePart.Run(
            run,
            static cause => cause switch
            {
                UserErrorException or ClusterException => 2,
                OperationCanceledException => Interrupted,
                _ => 1,
            },
            static line => Errors.Tell($"xenactors: {line}"));
        return code >= 0 ? code : throw new NodeEndedException(-code);
    }

    // Until it ends by itself, or has been started often enough.
    private static int Start(int nodes, string? hosts, int restarts, CheckpointDirectory? checkpoints)
    {
        var arguments = Environment.GetCommandLineArgs().Skip(1);
        for (var restart = 1; ; restart++)
        {
            var (exit, lost) = MpiRun.Start(nodes, hosts, arguments);
            lost ??= exit is > Signal and not Interrupted ? $"a node was ended by signal {exit - Signal}" : null;
            if (exit == Interrupted)
            {
                return Errors.End(exit, "xenactors: cancelled");
            }

            if (lost is null)
            {
                return exit;
            }

            if (restart > restarts)
            {
                return Errors.End(1, $"xenactors: {lost}: the run is lost");
            }

            nodes = Math.Max(1, nodes - 1);
            var from = checkpoints?.Latest(static line => Errors.Tell($"xenactors: {line}"));
            arguments = CheckpointChoice.Continued(arguments, from is null ? null : checkpoints);
            Errors.Tell($"xenactors: {lost}: started again on {nodes} {(nodes == 1 ? "node" : "nodes")} from {(from is null ? "the beginning" : $"the checkpoint at {from.Now}")} ({restart} of {restarts})");
        }
    }

    /// <summary>Whether this process prints: node 0 does, and the others have the same to tell.</summary>
    public static bool Tells(MpiNodes? joined) => joined is null or { Self: 0 };

    /// <param name="placement">Given the names of the logical processes.</param>
    /// <param name="asked">What the command line says; the threads of it become those of each node.</param>
    /// <param name="files">What is run.</param>
    /// <param name="assemblies">Where its actors and messages are.</param>
    public static EngineOptions Engine(
        MpiNodes? joined, EngineOptions asked, Func<Places, IReadOnlyList<string>, IReadOnlyList<int>>? placement, IEnumerable<string> files, params Assembly[] assemblies) => joined is null ? asked : EngineOptions.Nodes(
        joined,
        new TypeCatalog(assemblies),
        BuildId.Of([typeof(EngineOptions).Assembly, typeof(MpiNodes).Assembly, .. assemblies]),
        string.Join(' ', files.Select(Content)),
        asked.Partitions) with { Placement = placement is null ? null : names => placement(new(joined.Count, asked.Partitions), names) };

    // The name and the beginning of a hash: what two nodes have under one name may differ.
    public static string Content(string file) => File.Exists(file) ? $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..8]}" : file;
}
