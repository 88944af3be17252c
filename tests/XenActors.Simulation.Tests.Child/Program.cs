using System.Globalization;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

// restore <file> <seed> <partitions>: continues a snapshot of the rich workload to its end and prints what came of it.
if (args is not [var file, var seed, var partitions])
{
    Console.Error.WriteLine("usage: <snapshot> <seed> <partitions>");
    return 2;
}

var count = int.Parse(partitions, CultureInfo.InvariantCulture);
var run = RichRun.Build(
    ulong.Parse(seed, CultureInfo.InvariantCulture), count == 1 ? EngineOptions.Sequential : EngineOptions.Threads(count));
run.Restore(File.ReadAllBytes(file), RichRun.Types);
run.Run();
Console.WriteLine($"{run.Fingerprint} {run.Now} {run.DeadLetters}");
return 0;
