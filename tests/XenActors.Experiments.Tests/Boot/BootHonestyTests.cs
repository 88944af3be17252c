using XenActors.Experiments.Boot;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>What the guest shows is the outcome of messages: change what they carry and it shows something else.</summary>
public sealed class BootHonestyTests : IDisposable
{
    private const string DiskPath = "/dev/vg01/f16pvhvm-disk0";

    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private BootSession WithDisk(string image, bool paused = false) => _rig.Prepare(new BootOptions
    {
        Configs = [BootRig.Example("f16pvhvm.cfg")],
        Kernel = "fedora16-3.1",
        Volumes = [(DiskPath, image)],
        Paused = paused,
    });

    [Fact]
    public void Another_partition_table_gives_other_partitions()
    {
        var session = WithDisk(_rig.Disk("other.img", 8192, 1024, 2048));
        Assert.Equal(
            ["major minor  #blocks  name", "", " 202        0       8192 xvda", " 202        1       1024 xvda1", " 202        2       2048 xvda2"],
            BootRig.Only(BootRig.Run(session), session).Report.ProcPartitions);
    }

    [Fact]
    public void Without_blkback_there_is_no_xvda()
    {
        var session = WithDisk(_rig.Disk("disk.img", 8192, 1024), paused: true);
        var machine = session.Build(1, EngineOptions.Sequential);
        BootRun.ToTheEnd(machine, null, CancellationToken.None);
        var blkback = machine.Simulator.Find($"dom0/xenbus/vbd-{machine.Guests[0]}-768");
        Assert.False(blkback.IsNone, "blkback serves the paused guest's disk");
        machine.Simulator.Tell(blkback, new Kill());
        machine.Simulator.Tell(machine.Places.Domain(machine.Guests[0]), new UnpauseDomain());
        machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(1));
        Assert.True(BootRun.ToTheEnd(machine, null, CancellationToken.None));
        var guest = BootRig.Only(machine, session);
        Assert.Equal(["major minor  #blocks  name", ""], guest.Report.ProcPartitions);
        Assert.False(guest.Report.Outcome!.Value.Ok);
    }

    [Theory]
    [InlineData("file:/d,hda,w", "xvda", " 202        0 ")]
    [InlineData("phy:/d,xvdq,w", "xvdq", " 202     4096 ")]
    public void A_disk_of_QEMU_or_beyond_xvdp_is_driven_to_its_partitions(string disk, string name, string numbers)
    {
        var config = File.ReadAllText(BootRig.Example("f16pvhvm.cfg")).Replace("phy:/dev/vg01/f16pvhvm-disk0,hda,w", disk, StringComparison.Ordinal);
        var session = _rig.Prepare(new BootOptions
        {
            Configs = [_rig.Write("disk.cfg", config)],
            Kernel = "debian12-6.1",
            CommandLine = $"root=/dev/{name}2",
            Volumes = [("/d", _rig.Disk("d.img", 8192, 1024, 2048))],
        });
        var guest = BootRig.Only(BootRig.Run(session), session);
        Assert.Contains(guest.Report.ProcPartitions, l => l.StartsWith(numbers, StringComparison.Ordinal) && l.EndsWith(" " + name, StringComparison.Ordinal));
        Assert.Contains(guest.Report.ProcPartitions, l => l.EndsWith($"2048 {name}2", StringComparison.Ordinal));
        Assert.True(guest.Report.Outcome!.Value.Ok);
    }

    [Fact]
    public void A_disk_that_cannot_be_read_has_no_partitions()
    {
        var session = WithDisk(_rig.Disk("disk.img", 8192, 1024));
        var machine = session.Build(1, EngineOptions.Sequential);
        machine.Simulator.InstallOnActor(machine.Disks, new FaultRule<Machine.Disks.DiskRead>("no answers", (_, _) => Verdict.Drop));
        BootRun.ToTheEnd(machine, null, CancellationToken.None);
        var guest = BootRig.Only(machine, session);
        Assert.DoesNotContain(guest.Report.ProcPartitions, l => l.EndsWith("xvda1", StringComparison.Ordinal));
    }

    [Fact]
    public void The_addresses_are_those_of_the_configuration()
    {
        var session = _rig.Page(edit: t => t.Replace("00:16:4f:02:02:15", "00:16:3e:aa:bb:cc", StringComparison.Ordinal));
        Assert.Equal(["eth0 00:16:3e:aa:bb:cc vif"], BootRig.Only(BootRig.Run(session), session).Report.Links);
    }
}
