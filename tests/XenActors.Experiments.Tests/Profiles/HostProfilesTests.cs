using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Machine;

namespace XenActors.Tests.Experiments.Profiles;

public sealed class HostProfilesTests
{
    private static readonly string Hosts = Path.Combine(AppContext.BaseDirectory, "hocon", "hosts");

    [Fact]
    public void Every_profile_loads()
    {
        var names = HostProfiles.Names(Hosts);
        Assert.Contains(HostProfiles.Default, names);
        foreach (var name in names)
        {
            Assert.Equal(name, HostProfiles.Load(Hosts, name).Name);
        }
    }

    [Fact]
    public void The_pages_host_is_as_the_page_says()
    {
        var host = HostProfiles.Load(Hosts, "fedora16-xen-4.1.2");
        Assert.Equal(("4.1.2", ToolstackKind.Xend), (host.XenVersion, host.Toolstack));
        Assert.Equal([8, 12, 1, 6, 4, 7], host.Firmware.PnpGsis);
        Assert.Equal(0xfc0134b0u, host.Firmware.Acpi[1].Address);
        Assert.Equal([512000, 4194304, 26749952], host.Volumes.Partitions);
        Assert.DoesNotContain(host.Backend.VbdConnect, k => k.Name == "feature-persistent");
    }

    [Fact]
    public void An_older_host_inherits_and_has_no_platform_device()
    {
        var host = HostProfiles.Load(Hosts, "rhel5-xen-3.1");
        Assert.False(host.DeviceModel.PlatformDevice);
        Assert.Equal(["feature-barrier", "sectors", "info", "sector-size"], host.Backend.VbdConnect.Select(k => k.Name));
        Assert.Equal(ToolstackKind.Xend, host.Toolstack);
    }

    [Fact]
    public void The_default_host_offers_as_many_queues_as_dom0_has_vcpus()
    {
        var host = HostProfiles.Load(Hosts, HostProfiles.Default);
        Assert.True(host.Dom0.Vcpus >= 2);
        Assert.Contains(host.Backend.VbdProbe, k => k.Name == "multi-queue-max-queues" && k.Value == $"{host.Dom0.Vcpus}");
    }

    [Theory]
    [InlineData("dom0.vcpu = 3", "x.conf:2:13: expected a setting of a host but found 'vcpu', did you mean 'vcpus'?")]
    [InlineData("dom0.vcpus = many", "x.conf:2:14")]
    [InlineData("toolstack = xenb", "x.conf:2:13: expected one of xl, xend, did you mean 'xend'?")]
    [InlineData("latency.link = -1us", "x.conf:2:16: expected a length of time above zero")]
    [InlineData("xen.features = 0xyz", "x.conf:2:16")]
    [InlineData("dom0.memory = 1", "x.conf:2:15")]
    public void A_mistake_is_named_with_its_place(string line, string message)
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var file = Path.Combine(directory, "x.conf");
            File.WriteAllText(file, $"include file(\"{Path.Combine(Hosts, "debian12-xen-4.17.conf")}\")\n{line}\n");
            var error = Assert.Throws<HoconException>(() => HostProfiles.Load(directory, "x"));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, true);
        }
    }

    [Fact]
    public void An_unknown_host_is_answered_with_the_nearest()
    {
        var error = Assert.Throws<HoconException>(() => HostProfiles.Load(Hosts, "rhel5-xen-3.2"));
        Assert.Contains("did you mean 'rhel5-xen-3.1'?", error.Message, StringComparison.Ordinal);
    }
}
