using XenActors.DeviceModel;

namespace XenActors.Tests.DeviceModel;

public sealed class PlatformPciTests
{
    private readonly PlatformPci device = new() { Present = true, Bar = 0xc000 };

    [Theory]
    [InlineData(0x10, 2, 0x49d2u)]
    [InlineData(0x12, 1, 1u)]
    [InlineData(0x10, 1, 0u)]
    [InlineData(0x10, 4, 0xffffffffu)]
    [InlineData(0x14, 2, 0xffffu)]
    [InlineData(0xc000, 1, 0u)]
    public void Ports_answer_by_size(int port, byte size, uint value) => Assert.Equal(value, device.Read((ushort)port, size));

    [Fact]
    public void An_absent_device_reads_as_all_ones_and_ignores_writes()
    {
        var absent = new PlatformPci();
        Assert.Equal(0xffffu, absent.Read(0x10, 2));
        Assert.Equal(0, absent.Write(0x10, 2, 3));
    }

    [Fact]
    public void The_driver_leaves_product_build_and_log_lines()
    {
        device.Write(0x12, 2, 3);
        device.Write(0x10, 4, 1);
        foreach (var c in "hello\n")
        {
            device.Write(0x12, 1, c);
        }

        Assert.Equal((3, 1u), (device.Product, device.Build));
        Assert.Equal(["hello"], device.Log);
    }

    [Fact]
    public void The_rom_lock_is_bit_0_of_the_flags()
    {
        device.Write(0x10, 1, 0xff);
        Assert.Equal(1u, device.Read(0x10, 1));
    }

    [Theory]
    [InlineData(0x10, 2, 3u, 3)]
    [InlineData(0xc004, 1, 1u, 3)]
    [InlineData(0xc008, 1, 1u, 1)]
    [InlineData(0xc008, 1, 2u, 2)]
    [InlineData(0x12, 2, 3u, 0)]
    public void A_mask_comes_from_the_fixed_port_and_from_the_bar(int port, byte size, uint value, int mask) =>
        Assert.Equal(mask, device.Write((ushort)port, size, value));
}
