using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>xl cd-insert and cd-eject on a running guest: the store's nodes, QEMU's drive, and what the guest's sr finds.</summary>
public sealed class CdChangeTests
{
    private const string Back = "/local/domain/0/backend/qdisk/1/5632";

    [Fact]
    public void Another_disc_is_found_by_the_guest_with_its_size_and_its_bytes()
    {
        var machine = new EmulatedMachine();
        Assert.Equal(SparseVolumes.CdSectors, Sectors(machine));
        Assert.Equal(new CdChanged(machine.Domain, "hdc", true, ""), Change(machine, "hdc", "/g/y.iso"));
        Assert.Equal(2 * SparseVolumes.CdSectors, Sectors(machine));
        Assert.Equal(IdeRig.Sector(1000 + (3UL << 32)), machine.Ask("sr0", BlockOperation.Read, 1000, 1).Data);
        Assert.Equal(("aio:/g/y.iso", "qdisk"), (Node(machine, "params"), Node(machine, "type")));
        Assert.Equal("aio:/g/y.iso", Value(machine, $"/libxl/{machine.Domain}/device/vbd/5632/params"));
    }

    [Fact]
    public void An_ejected_disc_leaves_an_empty_drive_and_comes_back()
    {
        var machine = new EmulatedMachine();
        Assert.True(Change(machine, "hdc", "").Ok);
        Assert.Equal("", Node(machine, "params"));
        Assert.Equal(SparseVolumes.CdSectors, Sectors(machine)); // Linux keeps the size until there is another disc.
        Assert.Equal(BlockStatus.IoError, machine.Ask("sr0", BlockOperation.Read, 0, 4).Status);
        Assert.True(Change(machine, "hdc", "/g/x.iso").Ok);
        Assert.Equal(IdeRig.Sector(2UL << 32), machine.Ask("sr0", BlockOperation.Read, 0, 1).Data);
    }

    [Fact]
    public void A_guest_boots_with_an_empty_drive_and_gets_its_disc_later()
    {
        var machine = new EmulatedMachine(cd: "',hdc:cdrom,r'");
        Assert.Equal(0x1FFFFFUL, Sectors(machine));
        Assert.Equal(BlockStatus.IoError, machine.Ask("sr0", BlockOperation.Read, 0, 4).Status);
        Assert.True(Change(machine, "hdc", "/g/x.iso").Ok);
        Assert.Equal(SparseVolumes.CdSectors, Sectors(machine));
    }

    [Fact]
    public void A_guest_on_PV_drivers_keeps_its_CD_on_the_emulated_controller()
    {
        var machine = new EmulatedMachine(platform: true);
        Assert.Equal(["sr0", "xvda"], machine.Machine.Kernel(machine.Domain)!.Disks.Select(d => d.Name).Order());
        Assert.Equal(IdeRig.Sector(5 + (2UL << 32)), machine.Ask("sr0", BlockOperation.Read, 5, 1).Data);
        Assert.True(Change(machine, "hdc", "/g/y.iso").Ok);
        Assert.Equal(2 * SparseVolumes.CdSectors, Sectors(machine));
    }

    [Theory]
    [InlineData("hda", "/g/x.iso", "Virtual device not found")]
    [InlineData("hdd", "/g/x.iso", "Virtual device not found")]
    [InlineData("hdc", "/g/none.iso", "Cannot stat file: /g/none.iso")]
    public void What_cannot_be_is_refused_in_xls_words(string vdev, string path, string words)
    {
        var machine = new EmulatedMachine();
        Assert.Equal((false, words), (Change(machine, vdev, path) is var answer && answer.Ok, answer.Message));
        Assert.Equal("aio:/g/x.iso", Node(machine, "params"));
    }

    private static CdChanged Change(EmulatedMachine machine, string vdev, string path)
    {
        var toolstack = machine.Machine.Operator;
        machine.Machine.Simulator.Tell(toolstack, new ChangeCd(machine.Domain, vdev, path));
        machine.Machine.Simulator.RunFor(VirtualDuration.FromSeconds(10));
        return machine.Machine.OperatorState.CdAnswers[^1];
    }

    private static ulong Sectors(EmulatedMachine machine) => machine.Machine.Kernel(machine.Domain)!.FindDisk("sr0")!.Sectors;

    private static string? Node(EmulatedMachine machine, string key) =>
        Value(machine, Back.Replace("/1/", $"/{machine.Domain}/", StringComparison.Ordinal) + "/" + key);

    private static string? Value(EmulatedMachine machine, string path)
    {
        foreach (var node in machine.Machine.Store.Dump())
        {
            if (node.Path == path)
            {
                return System.Text.Encoding.Latin1.GetString(node.Value.Span);
            }
        }

        return null;
    }
}
