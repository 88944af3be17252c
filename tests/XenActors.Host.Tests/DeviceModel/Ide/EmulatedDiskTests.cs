using XenActors.DeviceModel.Ide;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Domains;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>sda and sr0 by their drivers, through every register: what comes, and how many exits it took.</summary>
public sealed class EmulatedDiskTests
{
    private const ulong Large = (1UL << 28) + 1000;

    [Fact]
    public void A_48_bit_DMA_command_takes_23_exits_an_interrupt_and_its_EOI()
    {
        var machine = new EmulatedMachine(Large);
        var (ioreqs, interrupts, ends) = Counts(machine);
        var read = machine.Exits(0, AtaCommandCode.ReadDmaExt, () => machine.Ask("sda", BlockOperation.Read, 1UL << 28, 256));
        Assert.Equal(new IdeExitCount(1, 23), read);
        Assert.Equal((ioreqs + 23, interrupts + 1, ends + 1), Counts(machine));
        var write = machine.Exits(
            0, AtaCommandCode.WriteDmaExt, () => machine.Ask("sda", BlockOperation.Write, 1UL << 28, 8, IdeRig.Sectors(3, 8)));
        Assert.Equal(new IdeExitCount(1, 23), write);
    }

    [Fact]
    public void A_28_bit_DMA_command_takes_18_exits()
    {
        var machine = new EmulatedMachine(Large);
        Assert.Equal(new IdeExitCount(1, 18), machine.Exits(0, AtaCommandCode.ReadDma, () => machine.Ask("sda", BlockOperation.Read, 0, 8)));
    }

    [Fact]
    public void What_is_written_is_on_the_disk_and_reads_back()
    {
        var machine = new EmulatedMachine();
        var data = IdeRig.Sectors(77, 300);
        Assert.True(machine.Ask("sda", BlockOperation.Write, 1000, 300, data).Ok);
        Assert.True(machine.Ask("sda", BlockOperation.Flush).Ok);
        Assert.Equal(IdeRig.Sector(77 + 299), machine.Volumes.Disk[1299]);
        Assert.Equal(data, machine.Ask("sda", BlockOperation.Read, 1000, 300).Data);
    }

    [Fact]
    public void Flush_FUA_and_trim_go_to_the_drive()
    {
        var machine = new EmulatedMachine();
        Assert.True(machine.Ask("sda", BlockOperation.Flush).Ok);
        Assert.Equal(1, machine.Volumes.Flushes);
        Assert.True(machine.Ask("sda", BlockOperation.Write, 5, 1, IdeRig.Sector(5), BlockFlags.Preflush | BlockFlags.Fua).Ok);
        Assert.Equal(3, machine.Volumes.Flushes);
        var trim = machine.Exits(0, AtaCommandCode.DataSetManagement, () => Assert.True(machine.Ask("sda", BlockOperation.Discard, 0, 131072).Ok));
        Assert.Equal(new IdeExitCount(1, 23), trim);
        Assert.Equal(BlockStatus.IoError, machine.Ask("sda", BlockOperation.Read, 131072, 1).Status);
        Assert.Equal(BlockStatus.NotSupported, machine.Ask("sda", BlockOperation.SecureErase, 0, 1).Status);
    }

    [Fact]
    public void Without_DMA_each_sector_is_one_string_instruction()
    {
        var machine = new EmulatedMachine(commandLine: "libata.dma=0");
        var data = IdeRig.Sectors(4, 40);
        var strings = machine.State.Exits[ExitKind.PortWriteString];
        Assert.Equal(1, machine.Exits(0, AtaCommandCode.WriteMultiple, () => machine.Ask("sda", BlockOperation.Write, 64, 40, data)).Commands);
        Assert.Equal(strings + 40, machine.State.Exits[ExitKind.PortWriteString]);
        strings = machine.State.Exits[ExitKind.PortReadString];
        Assert.Equal(data, machine.Ask("sda", BlockOperation.Read, 64, 40).Data);
        Assert.Equal(strings + 40, machine.State.Exits[ExitKind.PortReadString]);
    }

    [Fact]
    public void A_CD_is_read_by_packets_over_DMA()
    {
        var machine = new EmulatedMachine();
        var read = machine.Ask("sr0", BlockOperation.Read, 10, 7);
        Assert.Equal([.. Enumerable.Range(10, 7).SelectMany(i => IdeRig.Sector((ulong)i + (2UL << 32)))], read.Data);
        Assert.Equal(BlockStatus.IoError, machine.Ask("sr0", BlockOperation.Read, SparseVolumes.CdSectors, 4).Status);
        Assert.Equal(BlockStatus.NotSupported, machine.Ask("sr0", BlockOperation.Write, 0, 4, new byte[2048]).Status);
    }

    [Fact]
    public void Two_requests_at_once_wait_for_each_other()
    {
        var machine = new EmulatedMachine();
        for (var i = 0; i < 3; i++)
        {
            machine.User.Say(machine.Driver("sda"), BlockRequest.Read(100 + i, (ulong)i, 1));
        }

        Assert.True(machine.Ask("sda", BlockOperation.Read, 9, 1).Ok);
        Assert.Equal([100L, 101, 102], machine.User.All<BlockDone>().Take(3).Select(d => d.Cookie));
    }

    [Fact]
    public void A_slave_has_the_channel_to_share()
    {
        var machine = new EmulatedMachine(cd: "'file:/g/y.iso,hdb,w'");
        Assert.DoesNotContain(machine.Dmesg, l => l.Contains("unknown device", StringComparison.Ordinal));
        for (var i = 0; i < 4; i++)
        {
            machine.User.Say(machine.Driver(i % 2 == 0 ? "sda" : "sdb"), BlockRequest.Read(100 + i, 7, 1));
        }

        var last = machine.Ask("sdb", BlockOperation.Read, 9, 1);
        Assert.Equal(IdeRig.Sector(9 + (3UL << 32)), last.Data);
        var done = machine.User.All<BlockDone>().Take(4).ToDictionary(d => d.Cookie, d => d.Data);
        Assert.Equal(new byte[512], done[102]);
        Assert.Equal(IdeRig.Sector(7 + (3UL << 32)), done[103]);
    }

    [Fact]
    public void A_disk_that_was_unplugged_under_its_driver_fails_and_the_CD_does_not()
    {
        var machine = new EmulatedMachine(platform: true, commandLine: "xen_emul_unplug=never");
        machine.User.Tell(machine.Machine.Places.Domain(machine.Domain), new XenActors.DeviceModel.PortWrite(0x10, 2, 1));
        Assert.Equal(BlockStatus.IoError, machine.Ask("sda", BlockOperation.Read, 0, 8).Status);
        Assert.Equal(BlockStatus.IoError, machine.Ask("sda", BlockOperation.Write, 0, 1, new byte[512]).Status);
        Assert.NotNull(machine.Model.Ide.Secondary.Master.Drive);
    }

    [Fact]
    public void The_exits_of_a_boot_are_told_by_device_and_command()
    {
        var rows = IdeExitReport.Of(new EmulatedMachine().Model.Ide);
        Assert.Equal(
            [
                "ide0 READ DMA 1", "ide0 IDENTIFY DEVICE 1", "ide0 SET FEATURES 1", "ide0 software reset 1",
                "ide1 IDENTIFY PACKET DEVICE 1", "ide1 SET FEATURES 1", "ide1 software reset 1", "ide1 PACKET READ CAPACITY 1",
            ],
            rows.Select(r => $"{r.Channel} {r.Command} {r.Commands}"));
        Assert.Equal(18, rows.Single(r => r.Command == "READ DMA").PerCommand);
    }

    [Fact]
    public void A_machine_in_the_middle_of_a_command_is_data()
    {
        var machine = new EmulatedMachine();
        machine.User.Say(machine.Driver("sda"), new BlockRequest(1, BlockOperation.Write, BlockFlags.None, 5, 200, IdeRig.Sectors(5, 200)));
        var steps = 0;
        for (; machine.User.All<BlockDone>().Count == 0; steps++)
        {
            Same(machine.Model);
            Same(machine.Machine.Simulator.StateOf<AtaPortState>(machine.Machine.Kernel(machine.Domain)!.AtaPorts[0])!);
            Same(machine.State);
            machine.Machine.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(20));
        }

        Assert.True(steps > 10);
    }

    private static void Same<T>(T state)
        where T : Simulation.ICodec<T> => Assert.Equal(Bytes(state), Bytes(Simulation.CodecOf.Decode<T>(Bytes(state))));

    private static byte[] Bytes<T>(T state)
        where T : Simulation.ICodec<T>
    {
        var buffer = new Simulation.CodecBuffer();
        var sink = new Simulation.ByteSink(buffer);
        Simulation.CodecOf.Encode(in state, ref sink);
        return buffer.ToArray();
    }

    private static (long Ioreqs, long Interrupts, long Ends) Counts(EmulatedMachine machine) =>
        (machine.State.Exits.Ioreqs, machine.State.Interrupts[14].Delivered, machine.State.Exits[ExitKind.EndOfInterrupt]);
}
