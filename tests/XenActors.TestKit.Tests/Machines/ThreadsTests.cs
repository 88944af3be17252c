using XenActors.Simulation;
using XenActors.TestKit.Machines;
using XenActors.Toolstack.Libxl;
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
        foreach (var machine in (MachineTest[])[this, other])
        {
            Assert.True(machine.Xl(new SuspendGuest(1, ResumeMode.Reconnect)).Ok);
            machine.Advance(Seconds(2));
            Assert.True(machine.Xl(new DestroyGuest(1)).Ok);
            machine.Advance(Seconds(5));
        }

        Assert.Equal(other.Simulator.Fingerprint, Simulator.Fingerprint);
    }
}
