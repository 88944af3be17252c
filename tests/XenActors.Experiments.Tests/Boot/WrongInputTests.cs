using XenActors.Experiments;
using XenActors.Experiments.Boot;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>A user's mistake is one line, with its place, and leaves nothing behind.</summary>
public sealed class WrongInputTests : IDisposable
{
    private const string DiskPath = "/dev/vg01/f16pvhvm-disk0";

    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private static string Page => File.ReadAllText(BootRig.Example("f16pvhvm.cfg"));

    private string Mistake(BootOptions options)
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "xenactors-*.img").Length;
        var message = Assert.Throws<UserErrorException>(() => _rig.Prepare(options)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.True(Directory.GetFiles(Path.GetTempPath(), "xenactors-*.img").Length <= before, "volumes were left behind");
        return message;
    }

    private string Mistake(string config, params (string, string)[] volumes) => Mistake(new BootOptions { Configs = [config], Volumes = volumes });

    [Fact]
    public void A_missing_file_is_named() => Assert.Equal("nosuch.cfg: no such file", Mistake("nosuch.cfg"));

    [Fact]
    public void A_syntax_error_has_line_and_column()
    {
        var file = _rig.Write("syntax.cfg", "builder='hvm'\nname='a\nmemory=64\n");
        Assert.Equal($"{file}:2:6: config parsing error near `'a': lexical error", Mistake(file));
    }

    [Fact]
    public void An_unknown_disk_format_is_told_in_xls_words()
    {
        var file = _rig.Write("format.cfg", Page.Replace("phy:/dev/vg01/f16pvhvm-disk0,hda,w", "format=vmdk4,vdev=hda,target=/x", StringComparison.Ordinal));
        Assert.Equal(
            $"{file}:10:10: config parsing error in disk specification: unknown value for format: near `vmdk4' in `format=vmdk4,vdev=hda,target=/x'",
            Mistake(file));
    }

    [Theory]
    [InlineData("phy:/d,zzz,w", "Invalid or unsupported virtual disk identifier zzz")]
    [InlineData("phy:/d,hde,w", "Invalid or unsupported virtual disk identifier hde")]
    [InlineData("phy:/d,hda,w','phy:/e,hda,w", "hda is already the name of another disk of this domain")]
    public void A_disk_that_cannot_be_is_told_at_its_place(string disk, string message)
    {
        var file = _rig.Write("disk.cfg", Page.Replace("phy:/dev/vg01/f16pvhvm-disk0,hda,w", disk, StringComparison.Ordinal));
        var told = Mistake(file);
        Assert.StartsWith($"{file}:10:", told, StringComparison.Ordinal);
        Assert.EndsWith(message, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_domain_of_the_same_name_is_refused_at_its_name()
    {
        var one = _rig.Write("one.cfg", Page);
        var two = _rig.Write("two.cfg", Page);
        Assert.Equal($"{two}:3:8: Domain with name \"f16pvhvm\" already exists.", Mistake(new BootOptions { Configs = [one, two] }));
    }

    [Fact]
    public void An_image_shorter_than_its_partition_table_is_told_at_its_disk()
    {
        var image = _rig.Disk("short.img", 2048, 4096);
        var file = _rig.Write("page.cfg", Page);
        Assert.Equal(
            $"{file}:10:10: {image}: the image ends after 4096 sectors, but partition 1 of its table ends at sector 10240",
            Mistake(file, (DiskPath, image)));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_told()
    {
        var file = _rig.Write("page.cfg", Page);
        Assert.Equal($"{file}:10:10: /nosuch.img: no such disk image", Mistake(file, (DiskPath, "/nosuch.img")));
        Assert.Equal($"{file}:10:10: /tmp: is a directory, not a disk image", Mistake(file, (DiskPath, "/tmp")));
        var empty = _rig.Write("empty.img", "");
        Assert.Equal($"{file}:10:10: {empty}: the image is empty", Mistake(file, (DiskPath, empty)));
    }

    [Fact]
    public void A_volume_that_no_disk_has_is_told_with_those_there_are() => Assert.Contains(
        "no disk of", Mistake(BootRig.Example("pv.cfg"), ("/dev/nosuch", "/x")), StringComparison.Ordinal);

    [Theory]
    [InlineData("nosuch", null, "--kernel nosuch: no such profile; there are debian12-6.1, fedora16-3.1")]
    [InlineData("fedora16-3.1", "nosuch", "--host nosuch: no such profile; there are debian12-xen-4.17")]
    public void An_unknown_profile_is_told_with_those_there_are(string kernel, string? host, string beginning) => Assert.StartsWith(
        beginning, Mistake(new BootOptions { Configs = [BootRig.Example("pv.cfg")], Kernel = kernel, Host = host }), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_key_is_warned_about_with_the_nearest_one()
    {
        var file = _rig.Write("key.cfg", Page + "vcpuss=2\n");
        var session = _rig.Prepare(new BootOptions { Configs = [file], Kernel = "fedora16-3.1" });
        Assert.Contains(session.Warnings, w => w.Contains("`vcpuss'", StringComparison.Ordinal) && w.Contains("`vcpus'", StringComparison.Ordinal));
    }

    [Fact]
    public void Made_volumes_have_no_name_that_could_be_left_behind()
    {
        var session = _rig.Page();
        Assert.Equal(2, session.Volumes.Reports.Count(v => v.Made));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "xenactors-*.img"));
    }
}
