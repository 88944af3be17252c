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
    public void A_timeline_beside_a_trace_changes_neither_output_nor_trace()
    {
        var (trace, other, timeline) = (Path.GetTempFileName(), Path.GetTempFileName(), Path.GetTempFileName());
        try
        {
            var plain = Command.Run("boot", F16, "--kernel", "fedora16-3.1", "--trace", trace);
            var (code, output, _) = Command.Run("boot", F16, "--kernel", "fedora16-3.1", "--trace", other, "--timeline", timeline);
            Assert.Equal((plain.ExitCode, plain.Output), (code, output));
            Assert.Equal(File.ReadAllBytes(trace), File.ReadAllBytes(other));
            Assert.Contains("vbd-1-768", File.ReadAllText(timeline), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(trace);
            File.Delete(other);
            File.Delete(timeline);
        }
    }

    [Fact]
    public void A_timeline_that_cannot_be_made_or_does_not_fit_is_a_mistake()
    {
        A_mistake_is_one_line_and_exit_code_2("--timeline /nosuch/timeline: ", "boot", F16, "--timeline", "/nosuch/timeline");
        var (code, output, errors) = Command.Run("boot", F16, "--timeline", "/dev/full");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("--timeline /dev/full: ", errors.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
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
    [InlineData("--lps: '0' is not a whole number from 1 to 10000000", "bench", "phold", "--lps", "0")]
    [InlineData("--remote: 'x' is not a number from 0 to 1", "bench", "phold", "--remote", "x")]
    [InlineData("--save: expected a file but found an empty name", "bench", "phold", "--save", "")]
    [InlineData("--seed: '-1' is not a whole number from 0 to 18446744073709551615", "boot", "nosuch.cfg", "--seed", "-1")]
    [InlineData("--nope: unknown option", "boot", "nosuch.cfg", "--nope")]
    [InlineData("--nope: unknown option", "bench", "boots", "--nope")]
    [InlineData("--print: expected some of dmesg, partitions", "boot", "nosuch.cfg", "--print", "")]
    [InlineData("--kernel: expected a profile's name or a file", "boot", "nosuch.cfg", "--kernel", "")]
    [InlineData("--host: expected a profile's name or a file", "boot", "nosuch.cfg", "--host", "")]
    [InlineData("--kernel /etc/passwd: expected a profile's name, without a slash", "boot", "nosuch.cfg", "--kernel", "/etc/passwd")]
    [InlineData("expected a configuration file but found an empty name", "boot", "")]
    [InlineData("/dev/zero: too large for a configuration file", "boot", "/dev/zero")]
    public void A_mistake_is_one_line_and_exit_code_2(string beginning, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith(beginning, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_volume_that_cannot_seek_is_refused_without_waiting_for_a_writer()
    {
        var pipe = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(0, Command.Shell($"mkfifo {pipe}").ExitCode);
        try
        {
            A_mistake_is_one_line_and_exit_code_2(F16, "boot", F16, "--volume", $"/dev/vg01/f16pvhvm-disk0={pipe}");
            A_mistake_is_one_line_and_exit_code_2(F16, "boot", F16, "--volume", $"/root/iso/Fedora-16-x86_64-DVD.iso={pipe}");
        }
        finally
        {
            File.Delete(pipe);
        }
    }

    [Fact]
    public void A_profile_without_end_is_refused()
    {
        var profile = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".conf");
        File.CreateSymbolicLink(profile, "/dev/zero");
        try
        {
            A_mistake_is_one_line_and_exit_code_2($"{profile}: expected to read ", "boot", F16, "--kernel", profile);
        }
        finally
        {
            File.Delete(profile);
        }
    }

    [Fact]
    public void A_path_given_twice_is_refused() => A_mistake_is_one_line_and_exit_code_2(
        "--volume /dev/vg01/f16pvhvm-disk0: given twice, as a and as b",
        "boot", F16, "--volume", "/dev/vg01/f16pvhvm-disk0=a", "--volume", "/dev/vg01/f16pvhvm-disk0=b");

    [Fact]
    public void A_trace_file_that_cannot_be_made_is_the_only_line() =>
        A_mistake_is_one_line_and_exit_code_2("--trace /nosuch/trace: ", "boot", F16, "--trace", "/nosuch/trace");

    [Fact]
    public void A_trace_that_does_not_fit_is_a_mistake()
    {
        var (code, output, errors) = Command.Run("boot", F16, "--trace", "/dev/full");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("--trace /dev/full: ", errors.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    [InlineData("2> /dev/full")]
    [InlineData("--json > /dev/full")]
    public void Output_that_goes_nowhere_ends_without_a_stack_trace(string redirection)
    {
        var (code, _, errors) = Command.Shell($"dotnet {Command.Program} boot {F16} {redirection}");
        Assert.Equal(1, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_bytes_of_a_file_are_escaped_in_messages()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. "name = \"a\"\nx = "u8, 0xE9, 0xFF, .. "\x1b[31m\r\0\n"u8]);
            var (code, _, errors) = Command.Run("boot", file);
            Assert.Equal(2, code);
            Assert.Contains("`\\xe9\\xff\\x1b", errors, StringComparison.Ordinal);
            Assert.DoesNotContain(errors.TrimEnd('\n'), char.IsControl);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string F16 => Command.Example("f16pvhvm.cfg");

    [Fact]
    public void An_image_that_needs_a_missing_qemu_nbd_is_told_at_its_place()
    {
        var directory = Directory.CreateTempSubdirectory("boot");
        var (config, image) = (Path.Combine(directory.FullName, "a.cfg"), Path.Combine(directory.FullName, "a.qcow2"));
        File.WriteAllText(image, "");
        File.WriteAllText(config, $"builder = 'hvm'\nname = 'a'\nmemory = 64\ndisk = ['{image},qcow2,xvda,r']\n");
        var (code, output, errors) = Command.Shell($"dotnet=$(command -v dotnet); PATH=/nonexistent exec \"$dotnet\" {Command.Program} boot {config}");
        Assert.Equal(
            (2, "", $"{config}:4:9: {image}: images of format qcow2 are read through qemu-nbd, which is missing (Debian: qemu-utils)\n"), (code, output, errors));
        directory.Delete(true);
    }
}
