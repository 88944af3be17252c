using System.Buffers.Binary;
using XenActors.DeviceModel;
using XenActors.Tests.Toolstack.Libxl;

namespace XenActors.Tests.DeviceModel;

/// <summary>QEMU as a guest's ioreqs meet it.</summary>
public sealed class DeviceModelTests
{
    private const byte SlotVga = 3 << 3;
    private const byte SlotNic = 4 << 3;

    [Fact]
    public void The_bus_is_the_recorded_one()
    {
        var bench = Start();
        (byte Devfn, uint Id, uint Class)[] recorded =
        [
            (0x00, 0x12378086, 0x060000), (0x08, 0x70008086, 0x060100), (0x09, 0x70108086, 0x010180), (0x0a, 0x70208086, 0x0c0300),
            (0x0b, 0x71138086, 0x068000), (0x10, 0x00015853, 0xff8000), (SlotVga, 0x00b81013, 0x030000), (SlotNic, 0x100e8086, 0x020000),
        ];
        foreach (var (devfn, id, @class) in recorded)
        {
            Assert.Equal((id, @class), (Pci(bench, devfn, 0), Pci(bench, devfn, 8) >> 8));
        }

        Assert.Equal(0xffffffffu, Pci(bench, 0x28, 0));
        Assert.Equal(0x80u, Pci(bench, 0x08, 0x0e) & 0xff);
    }

    [Theory]
    [InlineData(0x09, 4, 0xc160u | 1)]
    [InlineData(0x0a, 4, 0xc140u | 1)]
    [InlineData(0x10, 0, 0xc000u | 1)]
    [InlineData(0x10, 1, 0xf2000000u | 8)]
    [InlineData(SlotVga, 0, 0xf0000000u | 8)]
    [InlineData(SlotVga, 1, 0xf3070000u)]
    [InlineData(SlotNic, 0, 0xf3040000u)]
    [InlineData(SlotNic, 1, 0xc100u | 1)]
    public void Bars_are_where_the_recorded_firmware_put_them(byte devfn, int bar, uint value) =>
        Assert.Equal(value, Pci(Start(), devfn, (byte)(0x10 + (4 * bar))));

    [Fact]
    public void Unplugging_takes_disks_and_cards_once_and_leaves_the_cd_drive()
    {
        var bench = Start();
        Assert.Equal("QEMU HARDDISK", Model(bench, 0x1f0, 0xec));

        Write(bench, 0x10, 2, 3);
        Write(bench, 0x10, 2, 3);

        Assert.Equal("", Model(bench, 0x1f0, 0xec));
        Assert.Equal("QEMU DVD-ROM", Model(bench, 0x170, 0xa1));
        Assert.Equal(0xffffffffu, Pci(bench, SlotNic, 0));
        Assert.Equal((0u, 1u), (Pci(bench, 0x09, 0x04), Pci(bench, 0x09, 0x20))); // The controller's reset.
        Assert.Single(bench.Recorder.Bridge, "-virbr0 vif29.0-emu");
    }

    [Fact]
    public void Unplugging_nics_leaves_the_disks()
    {
        var bench = Start();
        Write(bench, 0x10, 2, UnplugMask.Nics);
        Assert.Equal("QEMU HARDDISK", Model(bench, 0x1f0, 0xec));
        Assert.Equal(0xffffffffu, Pci(bench, SlotNic, 0));
    }

    [Fact]
    public void Auxiliary_unplug_spares_the_primary_master()
    {
        var bench = Start();
        Write(bench, 0x10, 2, UnplugMask.AuxIdeDisks);
        Assert.Equal("QEMU HARDDISK", Model(bench, 0x1f0, 0xec));
    }

    [Fact]
    public void Without_the_platform_device_nothing_answers_at_its_ports()
    {
        var bench = Start("xen_platform_pci=0\n");
        Assert.Equal(0x1013u, Pci(bench, 2 << 3, 0) & 0xffff);
        Write(bench, 0x10, 2, 3);
        Assert.Equal("QEMU HARDDISK", Model(bench, 0x1f0, 0xec));
    }

    [Theory]
    [InlineData("fedora16-xen-4.1.2", 3 << 3, 0x00015853u)]
    [InlineData("rhel5-xen-3.1", 3 << 3, 0x100e8086u)]
    public void Hosts_place_the_platform_device_as_they_did(string profile, byte devfn, uint id) =>
        Assert.Equal(id, Pci(Start(profile: profile), devfn, 0));

    [Fact]
    public void Identify_names_the_drive_and_counts_its_sectors()
    {
        var data = Identify(Start(), 0x1f0, 0xec);
        Assert.Equal("QEMU HARDDISK", Text(data, 27, 20));
        Assert.Equal("2.5+", Text(data, 23, 4));
        Assert.Equal(131072u, BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(120)));
        Assert.Equal(131072u, BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(200)));
        Assert.Equal("QEMU DVD-ROM", Model(Start(), 0x170, 0xa1));
    }

    private static Bench Start(string more = "", string profile = "debian12-xen-4.17")
    {
        var bench = new Bench(profile);
        var config = Bench.File("guest.cfg.txt");
        var answer = bench.Create(more.Length > 0 ? config.Replace("xen_platform_pci=1\n", more, StringComparison.Ordinal) : config);
        Assert.True(answer.Ok, answer.Message);
        return bench;
    }

    private static uint Pci(Bench bench, byte devfn, byte register)
    {
        bench.Tell(new OrderPci(bench.Domain(29).DeviceModel, new(devfn, register)));
        bench.Run(1);
        return bench.Recorder.Ioreqs[^1].Value;
    }

    private static void Write(Bench bench, ushort port, byte size, uint value)
    {
        bench.Tell(new OrderWrite(bench.Domain(29).DeviceModel, new(port, size, value)));
        bench.Run(1);
    }

    private static uint Read(Bench bench, ushort port, byte size)
    {
        bench.Tell(new OrderRead(bench.Domain(29).DeviceModel, new(port, size)));
        bench.Run(1);
        return bench.Recorder.Ioreqs[^1].Value;
    }

    // Empty when the drive does not offer its data.
    private static byte[] Identify(Bench bench, ushort port, byte command)
    {
        Write(bench, (ushort)(port + 6), 1, 0xa0);
        Write(bench, (ushort)(port + 7), 1, command);
        if ((Read(bench, (ushort)(port + 7), 1) & 8) == 0)
        {
            return [];
        }

        bench.Tell(new OrderString(bench.Domain(29).DeviceModel, new(port, 2, 256)));
        bench.Run(1);
        return bench.Recorder.Strings[^1];
    }

    private static string Model(Bench bench, ushort port, byte command) =>
        Identify(bench, port, command) is { Length: 512 } data ? Text(data, 27, 20) : "";

    private static string Text(byte[] data, int word, int words)
    {
        var text = new char[2 * words];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)data[(2 * word) + (i ^ 1)];
        }

        return new string(text).TrimEnd();
    }
}
