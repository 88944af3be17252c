using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using XenActors.Cluster;
using XenActors.Simulation;
using XenActors.Tests.Cluster;

// run <nodes> <workload> <seed> <partitions>: starts mpirun with this program, whose processes each do their part and node 0 prints what came of it.
// windows <count>: node 0 prints how many microseconds a window without a message costs.
// die: node 1 ends itself in the middle of a run.
if (args is ["run", var nodes, ..])
{
    try
    {
        return MpiRun.Start(int.Parse(nodes, CultureInfo.InvariantCulture), null, args[2..]);
    }
    catch (ClusterException cause)
    {
        Console.Error.WriteLine(cause.Message);
        return 2;
    }
}

using var joined = MpiNodes.Join();
string line;
try
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
                least += joined.Minimum(i + joined.Self);
                joined.Exchange(outgoing, incoming);
            }

            line = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMicroseconds / windows:0.00} us a window {least}");
            break;
        case ["die"]:
            var doomed = Workloads.Build("phold", 1, Engine(joined, 1, "die"));
            doomed.RunUntil(new VirtualTime(500_000));
            if (joined.Self == 1)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }

            doomed.Run();
            line = "still there";
            break;
        case [var workload, var seed, var partitions]:
            // "apart": each node says that it runs another scenario.
            var number = int.Parse(partitions, CultureInfo.InvariantCulture);
            var scenario = workload == "apart" ? $"apart {joined.Self}" : workload;
            var run = Workloads.Build(workload, ulong.Parse(seed, CultureInfo.InvariantCulture), Engine(joined, number, scenario));
            run.RunUntil(Workloads.End);
            line = Workloads.Outcome(run);
            break;
        default:
            throw new ClusterException("usage: run NODES (WORKLOAD SEED PARTITIONS | windows COUNT | die)");
    }
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

static EngineOptions Engine(MpiNodes nodes, int partitions, string scenario)
{
    var here = Assembly.GetExecutingAssembly();
    return EngineOptions.Nodes(nodes, new TypeCatalog(here), BuildId.Of(here, typeof(EngineOptions).Assembly), scenario, partitions);
}
