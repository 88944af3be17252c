using XenActors.Experiments.Fio;
using XenActors.Simulation;
using XenActors.Tests.Guest.Block;

namespace XenActors.Tests.Fio;

/// <summary>A fio process over a block layer over a disk in memory.</summary>
internal static class FioBench
{
    public static FioState Run(string job, BlockBench? bench = null, int number = 0)
    {
        bench ??= new BlockBench();
        var spec = FioJobFile.Parse($"jobs {{ test {{ filename = xvda, {job} }} }}", "test.conf")[0];
        var actor = bench.Simulator.Spawn<FioActor, FioState>(1, "fio", new FioState
        {
            Job = spec,
            Number = number,
            Domain = 3,
            Block = bench.Layer,
            SubmitCost = VirtualDuration.FromMicroseconds(1),
        });
        for (var i = 0; i < 1000 && bench.Simulator.StateOf<FioState>(actor)!.Phase != FioPhase.Done; i++)
        {
            bench.Run(100);
        }

        var state = bench.Simulator.StateOf<FioState>(actor)!;
        Assert.Equal(FioPhase.Done, state.Phase);
        return state;
    }
}
