using XenActors.Simulation;

namespace XenActors.Tests.Toolstack.Libxl;

public sealed class SlowScriptTests
{
    [Fact]
    public void A_script_that_hangs_is_killed_after_40_seconds_and_leaves_nothing()
    {
        var bench = new Bench(script: VirtualDuration.FromSeconds(60));
        var tree = bench.Tree();

        var answer = bench.Create("builder='hvm'\nname='g'\ndisk=['phy:/dev/loop0,hda,w']\n");

        Assert.False(answer.Ok);
        Assert.Equal("hotplug script timed out\nunable to add disk devices", answer.Message);
        bench.Run(100);
        Assert.Equal(tree, bench.Tree());
    }
}
