using XenActors.Simulation;
using XenActors.TestKit.Machines;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

/// <summary>Tests with a guest that has one small disk and one network device.</summary>
public abstract class SmallGuest(ITestOutputHelper output) : MachineTest(output)
{
    protected const string Config = """
        type='hvm'
        name='small'
        memory=256
        disk=['phy:/dev/vg01/small,hda,w']
        vif=['mac=00:16:3e:00:00:01']
        xen_platform_pci=1
        """;

    protected const string Vbd = "/local/domain/1/device/vbd/768";
    protected const string VbdBackend = "/local/domain/0/backend/vbd/1/768";

    protected static VirtualDuration Ms(long value) => VirtualDuration.FromMilliseconds(value);

    protected static VirtualDuration Seconds(long value) => VirtualDuration.FromSeconds(value);

    protected GuestHandle Small(MachineTest? machine = null, bool paused = false)
    {
        machine ??= this;
        machine.Disk("/dev/vg01/small", 8192, 1024, 2048);
        return machine.Boot(Config, paused);
    }
}
