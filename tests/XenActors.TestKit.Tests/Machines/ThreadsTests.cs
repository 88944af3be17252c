using XenActors.Simulation;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

public sealed class ThreadsTests(ITestOutputHelper output) : SmallGuest(output)
{
    protected override EngineOptions Engine => EngineOptions.Threads(2);

    [Fact]
    public void Two_threads_give_the_history_of_one()
    {
        var other = Another();
        var (mine, its) = (Small(), Small(other));
        mine.RunToEnd();
        its.RunToEnd();
        Assert.Equal(other.Simulator.Fingerprint, Simulator.Fingerprint);
    }
}
