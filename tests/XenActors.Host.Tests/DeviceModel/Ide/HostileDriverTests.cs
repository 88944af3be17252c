using XenActors.DeviceModel;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>A guest's kernel that drives the controller by itself, while the device model is at work.</summary>
public sealed class HostileDriverTests
{
    [Fact]
    public void An_unplug_with_a_write_under_way_waits_for_it_and_flushes()
    {
        var machine = new EmulatedMachine(platform: true, commandLine: "xen_emul_unplug=never");
        Assert.True(machine.Ask("sda", BlockOperation.Write, 100, 1, IdeRig.Sector(1)).Ok);
        StartWrite(machine, sector: 200);
        Say(machine, new PortWrite(0x10, 2, 1));
        Say(machine, new PortRead(0x1F7, 1));
        var before = machine.User.All<IoreqDone>().Count;
        Run(machine);
        var answers = machine.User.All<IoreqDone>().Skip(before).ToList();
        Assert.Equal(0u, answers[^1].Value); // no drive any more
        Assert.Equal(IdeRig.Sector(1), machine.Volumes.Disk[100]);
        Assert.Equal(IdeRig.Sector(9), machine.Volumes.Disk[200]);
        Assert.Null(machine.Model.Ide.Primary.Master.Drive);
        Assert.NotNull(machine.Model.Ide.Secondary.Master.Drive);
    }

    [Fact]
    public void Stopping_the_bus_master_answers_at_the_end_of_the_transfer()
    {
        var machine = new EmulatedMachine();
        StartWrite(machine, sector: 300);
        Say(machine, new PortWrite(Master(machine, 0), 1, 0));
        Say(machine, new PortRead(Master(machine, 2), 1));
        Run(machine);
        Assert.Equal(0x04u, machine.User.Last<IoreqDone>().Value);
        Say(machine, new PortRead(0x1F7, 1));
        Run(machine);
        Assert.Equal(0x50u, machine.User.Last<IoreqDone>().Value);
    }

    [Fact]
    public void A_table_nowhere_and_data_nowhere_cost_nobody_anything()
    {
        var machine = new EmulatedMachine();
        foreach (var table in (uint[])[0xFFFFFFFC, 0xF0000000, 0x7FFFFFF0])
        {
            Command(machine, 0xC8, 0, 8);
            Say(machine, new PortWrite(Master(machine, 4), 4, table));
            Say(machine, new PortWrite(Master(machine, 0), 1, 9));
            Run(machine);
            Say(machine, new PortWrite(0x3F6, 1, 4));
            Say(machine, new PortWrite(0x3F6, 1, 0));
            Run(machine);
        }

        Say(machine, new PortWrite(Master(machine, 0), 1, 0));
        Say(machine, new PortRead(0x1F7, 1));
        Run(machine);
        Assert.Equal(0x50u, machine.User.Last<IoreqDone>().Value);
        Assert.True(machine.Ask("sr0", BlockOperation.Read, 0, 4).Ok);
    }

    // Without the platform device the firmware puts it elsewhere.
    private static ushort Master(EmulatedMachine machine, int offset) => (ushort)(machine.Model.Ide.BusMaster + offset);

    private static void StartWrite(EmulatedMachine machine, uint sector)
    {
        Say(machine, new XenActors.Hypervisor.Memory.WriteGuestMemory([new(0x5000, 8), new(0x6000, 512)], [0, 0x60, 0, 0, 0, 2, 0, 0x80, .. IdeRig.Sector(9)]));
        Say(machine, new PortWrite(Master(machine, 4), 4, 0x5000));
        Command(machine, 0xCA, sector, 1);
        Say(machine, new PortWrite(Master(machine, 0), 1, 1));
    }

    private static void Command(EmulatedMachine machine, byte command, uint sector, byte count)
    {
        Say(machine, new PortWrite(0x1F2, 1, count));
        Say(machine, new PortWrite(0x1F3, 1, sector & 0xFF));
        Say(machine, new PortWrite(0x1F4, 1, (sector >> 8) & 0xFF));
        Say(machine, new PortWrite(0x1F5, 1, 0));
        Say(machine, new PortWrite(0x1F6, 1, 0xE0));
        Say(machine, new PortWrite(0x1F7, 1, command));
    }

    private static void Say<T>(EmulatedMachine machine, in T message)
        where T : ICodec<T> => machine.User.Say(machine.Machine.Places.Domain(machine.Domain), in message);

    private static void Run(EmulatedMachine machine) => machine.Machine.Simulator.RunFor(VirtualDuration.FromSeconds(1));
}
