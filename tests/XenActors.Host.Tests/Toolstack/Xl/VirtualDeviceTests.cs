using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

public sealed class VirtualDeviceTests
{
    [Theory]
    [InlineData("xvda", 51712)]
    [InlineData("xvda1", 51713)]
    [InlineData("xvda15", 51727)]
    [InlineData("xvdb", 51728)]
    [InlineData("xvdp", 51952)]
    [InlineData("xvdp15", 51967)]
    [InlineData("xvdq", 268439552)]
    [InlineData("xvda16", 268435472)]
    [InlineData("xvdaa", 268442112)]
    [InlineData("sda", 2048)]
    [InlineData("sdb1", 2065)]
    [InlineData("sdp15", 2303)]
    [InlineData("hda", 768)]
    [InlineData("hda1", 769)]
    [InlineData("hdb", 832)]
    [InlineData("hdc", 5632)]
    [InlineData("hdd", 5696)]
    [InlineData("hdd63", 5759)]
    public void A_name_and_its_number_lead_to_each_other(string vdev, uint number)
    {
        Assert.True(VirtualDevice.TryParse(vdev, out var device));
        Assert.Equal(number, device.Number);
        Assert.Equal(device, VirtualDevice.FromNumber(number));
        Assert.Equal(vdev, VirtualDevice.FromNumber(number).Vdev);
    }

    [Theory]
    [InlineData("d0p0", 51712)]
    [InlineData("d0x10p1", 268439553)]
    [InlineData("d1p3", 51731)]
    [InlineData("51712", 51712)]
    [InlineData("0xca00", 51712)]
    [InlineData("01400", 768)]
    [InlineData("12345", 12345)]
    [InlineData("2147483647", 2147483647)]
    public void Other_spellings_give_the_same_number(string vdev, uint number)
    {
        Assert.True(VirtualDevice.TryParse(vdev, out var device));
        Assert.Equal(number, device.Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzz9")]
    [InlineData("xvd")]
    [InlineData("xvd1")]
    [InlineData("xvda01")]
    [InlineData("xvda256")]
    [InlineData("xvdzzzzzz")]
    [InlineData("xvdA")]
    [InlineData("hde")]
    [InlineData("hda64")]
    [InlineData("sdq")]
    [InlineData("sda16")]
    [InlineData("d0p256")]
    [InlineData("d-1p0")]
    [InlineData("d0p")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    public void A_name_that_libxl_cannot_read_is_refused(string vdev)
    {
        Assert.False(VirtualDevice.TryParse(vdev, out _));
        Assert.Equal($"Invalid or unsupported virtual disk identifier {vdev}", VirtualDevice.Invalid(vdev));
    }

    [Fact]
    public void Every_number_survives_its_own_name()
    {
        for (var number = 0u; number < 1u << 16; number++)
        {
            foreach (var candidate in new[] { number, 1u << 28 | number })
            {
                Assert.True(VirtualDevice.TryParse(VirtualDevice.FromNumber(candidate).Vdev, out var device));
                Assert.Equal(candidate, device.Number);
            }
        }
    }

    [Theory]
    [InlineData(768, "xvda", 0, 16)]
    [InlineData(769, "xvda", 0, 16)]
    [InlineData(832, "xvdb", 16, 16)]
    [InlineData(5632, "xvdc", 32, 16)]
    [InlineData(5696, "xvdd", 48, 16)]
    [InlineData(2048, "xvda", 0, 16)]
    [InlineData(2065, "xvdb1", 17, 1)]
    [InlineData(51712, "xvda", 0, 16)]
    [InlineData(51713, "xvda1", 1, 1)]
    [InlineData(51952, "xvdp", 240, 16)]
    [InlineData(268439552, "xvdq", 4096, 256)]
    [InlineData(268439553, "xvdq1", 4097, 1)]
    [InlineData(268442112, "xvdaa", 6656, 256)]
    [InlineData(65 << 8, "xvdq", 256, 16)]
    [InlineData(71 << 8, "xvddi", 1792, 16)]
    [InlineData(128 << 8, "xvddy", 2048, 16)]
    public void Linux_names_every_family_xvd(uint number, string name, int minor, int minors)
    {
        Assert.Equal(new LinuxDisk(name, minor, minors), LinuxDisk.FromNumber(number, out _));
    }

    [Theory]
    [InlineData(12345u, "blkfront: your disk configuration is incorrect, please use an xvd device instead")]
    [InlineData(0x20000000u, "blkfront: vdevice 0x20000000 is above the extended range; ignoring")]
    [InlineData(0x10100000u, "blkfront: 0x10100000's minor (0x100000) out of range; ignoring")]
    public void Linux_refuses_what_it_cannot_place(uint number, string reason)
    {
        Assert.Null(LinuxDisk.FromNumber(number, out var said));
        Assert.Equal(reason, said);
        Assert.Null(LinuxDisk.NameOf(number));
    }

    [Fact]
    public void A_partition_is_the_disk_and_a_number()
    {
        Assert.Equal("xvda3", LinuxDisk.FromNumber(768, out _)!.Value.PartitionName(3));
        Assert.Equal("xvda1p2", LinuxDisk.FromNumber(51713, out _)!.Value.PartitionName(2));
    }
}
