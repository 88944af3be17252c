using XenActors.Experiments.Boot;
using XenActors.Experiments.Checkers;
using XenActors.Simulation;
using XenActors.Tests.Experiments.Boot;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class CleanBootTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("f16pvhvm.cfg", "fedora16-3.1")]
    [InlineData("f16pvhvm.cfg", "debian12-6.1")]
    [InlineData("f16pvhvm.cfg", "mainline-2.6.36")]
    [InlineData("f16pvhvm.cfg", "mainline-2.6.37")]
    [InlineData("f16pvhvm.cfg", "ubuntu-11.10")]
    [InlineData("f16pvhvm.cfg", "unmodified-2.6.18")]
    [InlineData("f16pvhvm.cfg", "pvops-2.6.32")]
    [InlineData("pv.cfg", "debian12-6.1")]
    public void All_checkers_hold_on_a_clean_boot(string config, string kernel)
    {
        var checkers = CheckerCatalog.CreateAll();
        CheckedBoot.Run(_rig.Prepare(new BootOptions { Configs = [BootRig.Example(config)], Kernel = kernel }), checkers);
        CheckedBoot.Holds(checkers);
        Assert.True(checkers.Find(c => c.Name == "store-linearizable")!.Seen > 100, "the store's checker saw next to nothing");
        Assert.True(checkers.Find(c => c.Name == "g3-device-states")!.Branches.ContainsKey("1,2"), "no backend came up");
    }
}
