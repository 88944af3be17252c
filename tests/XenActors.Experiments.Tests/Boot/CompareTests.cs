using XenActors.Experiments.Boot;
using XenActors.Experiments.Compare;
using XenActors.Experiments.Fio;
using XenActors.Machine;

namespace XenActors.Tests.Experiments.Boot;

public sealed class CompareTests
{
    private static readonly string Config = Path.Combine(AppContext.BaseDirectory, "hocon", "xl", "debian12.cfg");

    [Theory]
    [InlineData(false, 18)]
    [InlineData(true, 23)]
    public void A_dma_command_takes_the_exits_of_its_task_file_and_the_PV_path_is_ahead_as_the_figures_imply(bool farOut, int exits)
    {
        // Above 2^28 sectors a command needs LBA48.
        var offset = farOut ? ", offset = 150g" : ", size = 100g";
        var run = Run($"rw = randread, bs = 4k, iodepth = 32, direct = 1, runtime = 200ms, time_based = 1, norandommap = 1{offset}");
        Assert.Equal(exits, (double)run.Emulated.Activity.Ioreqs / run.Emulated.Requests, 0.2);
        Assert.Equal(0, run.Pv.Activity.Ioreqs);
        var implied = CostDerivation.Of(run);
        Assert.InRange(run.Factor / implied.Factor, 0.9, 1.1);
        Assert.InRange(run.Factor, 20, 100);
    }

    /// <summary>Where the disk is fast, the guest's vCPU is what is scarce; where it is slow, the disk, for both paths.</summary>
    [Theory]
    [InlineData("skylake-2018", "the guest's vCPU")]
    [InlineData("haswell-2016", "the disk's channel")]
    [InlineData("nehalem-2010", "the disk's queue")]
    public void What_is_measured_is_what_the_hosts_figures_imply(string host, string scarce)
    {
        var run = Run("rw = randread, bs = 4k, iodepth = 32, direct = 1, runtime = 300ms, time_based = 1, norandommap = 1", host);
        var implied = CostDerivation.Of(run);
        Assert.Contains($"({scarce})", implied.Lines[^1], StringComparison.Ordinal);
        Assert.InRange(run.Pv.Iops / implied.PvIops, 0.9, 1.1);
        Assert.InRange(run.Emulated.Iops / implied.EmulatedIops, 0.9, 1.1);
    }

    [Fact]
    public void An_ios_cost_in_exits_hypercalls_events_and_cpu_stands_behind_the_report()
    {
        var run = Run("rw = randread, bs = 4k, iodepth = 1, direct = 1, number_ios = 200, size = 100g, norandommap = 1");
        var (sda, xvda) = (FioReport.Of(run.Emulated.Fio, counters: true), FioReport.Of(run.Pv.Fio, counters: true));
        Assert.StartsWith(FioReport.Of(run.Pv.Fio), xvda, StringComparison.Ordinal);

        // One at a time: each has its event there and back, a hypercall each, and an exit for the one and for the other.
        Assert.Contains("events       : dom0=1, guest=1", xvda, StringComparison.Ordinal);
        Assert.Contains("Hypercall=1, Interrupt=1", xvda, StringComparison.Ordinal);
        Assert.Contains("dom0 event_channel_op send=1, guest event_channel_op send=1", xvda, StringComparison.Ordinal);
        Assert.Contains("copied       : hypervisor=0B, guest=4096B", xvda, StringComparison.Ordinal);
        Assert.Contains("EndOfInterrupt=1, Interrupt=1", sda, StringComparison.Ordinal);
        Assert.Contains("events       : dom0=0, guest=0", sda, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_paths_write_what_was_asked_and_the_table_json_and_picture_show_both()
    {
        var run = Run("rw = randwrite, bs = 8k, iodepth = 4, direct = 1, size = 4m, verify = stamp, end_fsync = 1");
        Assert.False(run.Emulated.Failed || run.Pv.Failed, ComparisonTable.Of(run));
        Assert.Equal((512L, 512L), (run.Emulated.Ios, run.Pv.Ios));
        Assert.True(run.Pv.Activity.AllHypercalls > 0 && run.Pv.Activity.BytesCopied >= 4 << 20);
        Assert.Contains("xvda (xen-blkfront)", ComparisonTable.Of(run), StringComparison.Ordinal);
        using var json = new MemoryStream();
        ComparisonJson.Write(run, json);
        using var document = System.Text.Json.JsonDocument.Parse(json.ToArray());
        Assert.Equal(run.Pv.Iops, document.RootElement.GetProperty("pv").GetProperty("iops").GetDouble());
        Assert.Equal(512, document.RootElement.GetProperty("emulated").GetProperty("fio").GetProperty("jobs")[0].GetProperty("write").GetProperty("total_ios").GetInt64());
        System.Xml.Linq.XDocument.Parse(ComparisonSvg.Of(run));
    }

    private static DiskComparison Run(string job, string? host = null) => DiskComparison.Run(
        new BootOptions
        {
            Configs = [Config],
            Host = host,
            Disks = [("/dev/loop0", new DefaultVolumes { DiskSize = 200L << 20, Partitions = [], CdromSectors = 0 })],
        },
        FioJobFile.Parse($"jobs {{ test {{ filename = xvda, {job} }} }}", "test.conf")[0],
        null,
        CancellationToken.None);
}
