using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using XenActors.Cluster;
using XenActors.Simulation;
using XenActors.Tests.Cluster;

// run <nodes> <workload> <seed> <partitions>: starts mpirun with this program, whose processes each do their part and node 0 prints what came of it.
// windows <count>: node 0 prints how many microseconds a window without a message costs.
// die: node 1 is killed in the middle of a run. leave: it exits there. throw: it throws there, alone. actor: an actor that it runs throws.
if (args is ["run", var nodes, ..])
{
    try
    {
        var (code, lost) = MpiRun.Start(int.Parse(nodes, CultureInfo.InvariantCulture), null, args[2..]);
        if (lost is not null)
        {
            Console.Error.WriteLine(lost);
        }

        return code;
    }
    catch (ClusterException cause)
    {
        Console.Error.WriteLine(cause.Message);
        return 2;
    }
}

return Math.Abs(NodePart.Run(Part, static _ => 3, Console.Error.WriteLine));

int Part(MpiNodes joined)
{
    string line;
    try
    {
        line = Do(joined);
    }
    catch (SimulationException cause) when (cause.OnAllNodes)
    {
        line = cause.Message;
    }

    if (joined.Self == 0)
    {
        Console.WriteLine(line);
    }

    return 0;
}

string Do(MpiNodes joined)
{
    switch (args)
    {
        case ["windows", var count]:
            var windows = int.Parse(count, CultureInfo.InvariantCulture);
            CodecBuffer[] outgoing = [.. Enumerable.Range(0, joined.Count).Select(_ => new CodecBuffer())];
            CodecBuffer[] incoming = [.. Enumerable.Range(0, joined.Count).Select(_ => new CodecBuffer())];
            var least = 0L;
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < windows; i++)
            {
                least += joined.Exchange(outgoing, incoming, i + joined.Self);
            }

            return string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMicroseconds / windows:0.00} us a window {least}");
        case ["die" or "leave" or "throw" or "actor"]:
            var doomed = Workloads.Build("phold", 1, Engine(joined, 1, args[0]));
            doomed.RunUntil(new VirtualTime(500_000));
            if (args[0] == "actor")
            {
                doomed.Mirror();
                doomed.Spawn<ThrowingActor, ThrowingState>(24, "fuse", new());
            }
            else if (joined.Self == 1)
            {
                EndHere(args[0]);
            }

            doomed.Run();
            return "still there";
        case [var workload, var seed, var partitions]:
            // "apart": each node says that it runs another scenario.
            var number = int.Parse(partitions, CultureInfo.InvariantCulture);
            var scenario = workload == "apart" ? $"apart {joined.Self}" : workload;
            var run = Workloads.Build(workload, ulong.Parse(seed, CultureInfo.InvariantCulture), Engine(joined, number, scenario));
            run.RunUntil(Workloads.End);
            return Workloads.Outcome(run);
        default:
            throw new ClusterException("usage: run NODES (WORKLOAD SEED PARTITIONS | windows COUNT | die | leave | throw | actor)");
    }
}

static void EndHere(string how)
{
    if (how == "throw")
    {
        throw new IOException("no space left");
    }

    if (how == "leave")
    {
        Environment.Exit(0);
    }

    using var self = Process.GetCurrentProcess();
    self.Kill();
}

static EngineOptions Engine(MpiNodes nodes, int partitions, string scenario)
{
    var here = Assembly.GetExecutingAssembly();
    return EngineOptions.Nodes(nodes, new TypeCatalog(here), BuildId.Of(here, typeof(EngineOptions).Assembly), scenario, partitions);
}
