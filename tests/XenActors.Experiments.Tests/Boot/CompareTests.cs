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

    private static DiskComparison Run(string job) => DiskComparison.Run(
        new BootOptions
        {
            Configs = [Config],
            Disks = [("/dev/loop0", new DefaultVolumes { DiskSize = 200L << 20, Partitions = [], CdromSectors = 0 })],
        },
        FioJobFile.Parse($"jobs {{ test {{ filename = xvda, {job} }} }}", "test.conf")[0],
        null,
        CancellationToken.None);
}
