using System.Text.Json;

namespace XenActors.Tests.Cli;

public sealed class BootCommandTests
{
    [Fact]
    public void The_first_command_of_the_README_shows_the_pages_guest()
    {
        var (code, output, errors) = Command.Run("boot", Command.Example("f16pvhvm.cfg"), "--kernel", "fedora16-3.1");
        Assert.Equal(0, code);
        foreach (var line in (string[])[
            "DMI: Xen HVM domU, BIOS 4.1.2 10/21/2011", "Xen HVM callback vector for event delivery is enabled",
            "Initialising Xen virtual ethernet driver.", " 202        0   31457280 xvda", "driver: vif", "bus-info: vif-0", "disk: PV", "net: PV"])
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }

        Assert.Contains("/dev/vg01/f16pvhvm-disk0: this machine lacks it; made for this run by the host profile", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_section_is_printed_bare()
    {
        var (_, output, _) = Command.Run("boot", Command.Example("f16pvhvm.cfg"), "--kernel", "fedora16-3.1", "--print", "partitions");
        Assert.StartsWith("major minor  #blocks  name\n\n 202        0   31457280 xvda\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_fingerprint_on_threads()
    {
        string[] boot = ["boot", Command.Example("f16pvhvm.cfg"), "--kernel", "fedora16-3.1", "--seed", "77", "--print", "fingerprint"];
        var one = Command.Run(boot).Output;
        Assert.Matches("^[0-9a-f]{16}\n$", one);
        Assert.Equal(one, Command.Run([.. boot, "--engine", "threads", "--partitions", "3"]).Output);
        Assert.NotEqual(one, Command.Run([.. boot, "--seed", "78"]).Output);
    }

    [Fact]
    public void Json_is_one_document_with_the_verdict()
    {
        var (code, output, _) = Command.Run("boot", Command.Example("debian12.cfg"), "--json");
        Assert.Equal(0, code);
        var guest = JsonDocument.Parse(output).RootElement.GetProperty("guests")[0];
        Assert.True(guest.GetProperty("booted").GetBoolean());
        Assert.True(guest.GetProperty("verdict").GetProperty("pv_disk").GetBoolean());
        Assert.Equal("driver: vif", guest.GetProperty("ethtool").GetProperty("eth0")[0].GetString());
    }

    [Fact]
    public void Xl_list_of_a_paused_guest_is_xls()
    {
        var (code, output, _) = Command.Run("boot", Command.Example("debian12.cfg"), "--paused", "--print", "xl-list");
        Assert.Equal(0, code);
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal("Name                                        ID   Mem VCPUs\tState\tTime(s)", lines[0]);
        Assert.Matches(@"^Domain-0                                     0  2560     1     r-----   +\d+\.\d$", lines[1]);
        Assert.Equal("f16pvhvm                                     1   256     1     --p---       0.0", lines[2]);
    }

    [Fact]
    public void A_trace_holds_every_message()
    {
        var file = Path.GetTempFileName();
        try
        {
            Command.Run("boot", Command.Example("f16pvhvm.cfg"), "--kernel", "fedora16-3.1", "--trace", file, "--print", "verdict");
            var trace = File.ReadAllText(file);
            Assert.Contains("dom0/xenstored <- ", trace, StringComparison.Ordinal);
            Assert.Contains("RequestsPublished", trace, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_guest_that_finds_no_root_disk_ends_with_exit_code_1()
    {
        var (code, output, _) = Command.Run("boot", Command.Example("f16pvhvm.cfg"), "--kernel", "ubuntu-11.10", "--print", "verdict");
        Assert.Equal(1, code);
        Assert.Contains("add it to the initramfs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch.cfg: no such file", "boot", "nosuch.cfg")]
    [InlineData("--volume: expected PATH=IMAGE but found x", "boot", "nosuch.cfg", "--volume", "x")]
    [InlineData("--print: expected some of dmesg, partitions", "boot", "nosuch.cfg", "--print", "x")]
    [InlineData("--engine: expected sequential or threads but found x", "boot", "nosuch.cfg", "--engine", "x")]
    [InlineData("xenactors: Required argument missing for command: 'boot'.", "boot")]
    [InlineData("--lps: expected 1 to", "bench", "phold", "--lps", "0")]
    public void A_mistake_is_one_line_and_exit_code_2(string beginning, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith(beginning, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
