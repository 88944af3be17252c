using XenActors.Guest;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Tests.Guest;

public sealed class BootTests
{
    public static TheoryData<string> Kernels() =>
        ["fedora16-3.1", "debian12-6.1", "mainline-2.6.36", "mainline-2.6.37", "pvops-2.6.32", "unmodified-2.6.18", "ubuntu-11.10"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Boots_the_same_way_for_the_same_seed_and_at_other_times_for_another(string kernel)
    {
        var (one, again, other) = (GuestBench.Of(kernel), GuestBench.Of(kernel), GuestBench.Of(kernel));
        other.Seed = 2;
        var (first, second, third) = (one.Boot(), again.Boot(), other.Boot());
        Assert.Equal(first.DmesgLines, second.DmesgLines);
        Assert.Equal(one.Fingerprint, again.Fingerprint);
        Assert.NotEqual(first.DmesgLines, third.DmesgLines);
        Assert.Equal(first.DmesgLines.Select(GuestListing.WithoutStamp), third.DmesgLines.Select(GuestListing.WithoutStamp));
    }

    [Fact]
    public void Carries_its_whole_state_through_the_codec()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        var report = bench.Boot();
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        Copy<GuestKernelState>.Encode(bench.State, ref sink);
        var copy = Copy<GuestKernelState>.Decode(buffer);
        Assert.Equal(report.DmesgLines, GuestReport.Of(copy).DmesgLines);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Takes_a_pv_guests_devices_without_a_word_of_firmware(string kernel)
    {
        var bench = GuestBench.Of(kernel);
        bench.Type = DomainType.Pv;
        bench.Kernel = bench.Kernel with { Modules = ["xen-blkfront", "xen-netfront"], RootModules = [] };
        var report = bench.Boot();
        Assert.True(report.Outcome?.Ok, report.Outcome?.Reason);
        Assert.DoesNotContain(report.DmesgLines, l => l.Contains("DMI", StringComparison.Ordinal) || l.Contains("ACPI: RSDP", StringComparison.Ordinal));
        Assert.Empty(bench.Domain.PortWrites);
        Assert.Equal("xvda", report.Drivers.Disks[0].Name);
    }

    [Fact]
    public void Asks_for_the_devices_interrupt_where_xen_has_no_callback_vector()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Features = 0;
        var report = bench.Boot();

        // Type 1 (PCI INTx), devfn of slot 3, pin A.
        Assert.Equal(["0=100000000001800"], bench.Domain.HvmParams);
        Assert.DoesNotContain(report.DmesgLines, l => l.Contains("callback vector", StringComparison.Ordinal) || l.Contains("pirq", StringComparison.Ordinal));
        Assert.True(report.Outcome?.Ok);
    }

    [Fact]
    public void Maps_no_interrupts_before_2_6_37()
    {
        Assert.DoesNotContain(GuestBench.Of("mainline-2.6.36").Boot().DmesgLines, l => l.Contains("pirq", StringComparison.Ordinal));
        Assert.Contains(GuestBench.Of("mainline-2.6.37").Boot().DmesgLines, l => l.EndsWith("xen: --> irq=28, pirq=22", StringComparison.Ordinal));
    }

    [Fact]
    public void Speaks_the_unplug_protocol_in_its_order()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Boot();
        Assert.Equal(["12/2=3", "10/4=1", "10/2=3"], bench.Domain.PortWrites);
    }

    [Fact]
    public void Stops_at_a_blacklist()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Change = static d => d.Blacklisted = true;
        var report = bench.Boot();
        Assert.Contains(report.DmesgLines, l => l.EndsWith("Xen Platform: blacklisted by host", StringComparison.Ordinal));
        Assert.Empty(report.Unplugged);
        Assert.Equal(["12/2=3", "10/4=1"], bench.Domain.PortWrites);
    }

    [Fact]
    public void Unplugs_by_module_parameter_only_what_was_asked_for()
    {
        var bench = GuestBench.Of("unmodified-2.6.18");
        Assert.Empty(bench.Boot().Unplugged);
        bench.CommandLine += " dev_unplug=nics";
        Assert.Equal(["nics"], bench.Boot().Unplugged);
    }

    [Fact]
    public void Leaves_a_card_alone_that_was_unplugged_after_the_bus_was_listed()
    {
        var bench = GuestBench.Of("unmodified-2.6.18");
        bench.CommandLine += " dev_unplug=all";
        var report = bench.Boot();
        Assert.Equal(["eth0 00:16:4f:02:02:15 vif"], report.Links);
        Assert.DoesNotContain(report.Drivers.Disks, d => d.Name == "hda");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.29)]
    [InlineData(2.0)]
    public void Goes_on_from_a_snapshot_in_the_middle_of_its_boot(double seconds)
    {
        var (bench, whole) = (GuestBench.Of("fedora16-3.1"), GuestBench.Of("fedora16-3.1"));
        bench.SnapshotAt = new((long)(seconds * 1e9));
        Assert.Equal(whole.Boot().DmesgLines, bench.Boot().DmesgLines);
        Assert.Equal(whole.Fingerprint, bench.Fingerprint);
    }

    [Fact]
    public void Waits_in_vain_for_a_root_disk_that_is_called_otherwise_now()
    {
        var bench = GuestBench.Of("mainline-2.6.36");
        bench.CommandLine = "root=/dev/sda3";
        var report = bench.Boot();
        Assert.False(report.Outcome?.Ok);
        Assert.EndsWith("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", report.DmesgLines[^1], StringComparison.Ordinal);
    }

    private static class Copy<T>
        where T : class, ICodec<T>
    {
        public static void Encode(T value, ref ByteSink sink) => T.Encode(value, ref sink);

        public static T Decode(CodecBuffer buffer)
        {
            var reader = new CodecReader(buffer.Written);
            return T.Decode(ref reader);
        }
    }
}
