using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

/// <summary>Spellings that mean the same, and refusals, of xl-disk-configuration(5).</summary>
public sealed class DiskSpecParserTests
{
    private const string Iqn = "iqn.2001-05.com.equallogic:0-8a0906-23fe93404-c82797962054a96d-examplehost";

    [Theory]
    [InlineData("/dev/vg/guest-volume,,hda")]
    [InlineData("/dev/vg/guest-volume,raw,hda,rw")]
    [InlineData("format=raw, vdev=hda, access=rw, target=/dev/vg/guest-volume")]
    [InlineData("format=raw|vdev=hda|access=rw|target=/dev/vg/guest-volume")]
    [InlineData("raw:/dev/vg/guest-volume,hda,w")]
    [InlineData("phy:/dev/vg/guest-volume,hda,w")]
    [InlineData("tap2:tapdisk:aio:/dev/vg/guest-volume,hda,w")]
    [InlineData("/dev/vg/guest-volume,raw,hda")]
    [InlineData("format=raw,\n\tvdev=hda,target=/dev/vg/guest-volume,")]
    public void A_raw_volume_has_many_spellings(string spec) =>
        Assert.Equal(Raw("/dev/vg/guest-volume", "hda"), Parse(spec));

    [Theory]
    [InlineData("/root/image.iso,,hdc,cdrom")]
    [InlineData("/root/image.iso,,hdc,,cdrom")]
    [InlineData("/root/image.iso,raw,hdc,devtype=cdrom")]
    [InlineData("format=raw, vdev=hdc, access=ro, devtype=cdrom, target=/root/image.iso")]
    [InlineData("format=raw|vdev=hdc|access=ro|devtype=cdrom|target=/root/image.iso")]
    [InlineData("raw:/root/image.iso,hdc:cdrom,ro")]
    [InlineData("file:/root/image.iso,hdc:cdrom,r")]
    public void A_cdrom_image_has_many_spellings(string spec) =>
        Assert.Equal(Cdrom("/root/image.iso", DiskFormat.Raw), Parse(spec));

    [Fact]
    public void A_backend_type_can_be_asked_for() => Assert.Equal(
        Raw("/dev/vg/guest-volume", "xvdb") with { Backend = DiskBackend.Phy },
        Parse("backendtype=phy,vdev=xvdb,access=w,target=/dev/vg/guest-volume"));

    [Theory]
    [InlineData("devtype=cdrom,,,hdc")]
    [InlineData(",,hdc:cdrom,r")]
    [InlineData(",hdc:cdrom,r")]
    [InlineData("vdev=hdc,access=r,devtype=cdrom,target=")]
    [InlineData(",empty,hdc:cdrom,r")]
    public void An_empty_drive_has_many_spellings(string spec) => Assert.Equal(Cdrom("", DiskFormat.Empty), Parse(spec));

    [Theory]
    [InlineData("vdev=hdc,access=r,devtype=cdrom,format=empty")]
    [InlineData("vdev=hdc,access=r,devtype=cdrom")]
    public void An_empty_drive_needs_no_target(string spec) => Assert.Equal(Cdrom(null, DiskFormat.Empty), Parse(spec));

    [Theory]
    [InlineData($"iscsi:{Iqn},xvda,w")]
    [InlineData($"vdev=xvda,access=w,script=block-iscsi,target={Iqn}")]
    public void A_scripted_disk_can_be_spelt_by_prefix(string spec) =>
        Assert.Equal(Raw(Iqn, "xvda") with { Script = "block-iscsi" }, Parse(spec));

    [Fact]
    public void The_drbd_prefix_sets_its_script() =>
        Assert.Equal(Raw("app01", "hda") with { Script = "block-drbd" }, Parse("drbd:app01,hda,w"));

    [Fact]
    public void Flags_stand_anywhere()
    {
        Assert.Equal(Raw("/i", "hda") with { Discard = true }, Parse("discard|vdev=hda|target=/i"));
        Assert.Equal(Raw("/i", "hda") with { Discard = true }, Parse("vdev=hda,discard,target=/i"));
        Assert.Equal(Cdrom("/i", DiskFormat.Raw, "hda") with { Discard = false }, Parse("cdrom|no-discard|vdev=hda|target=/i"));
        Assert.Equal(Raw("/i", "hda") with { Trusted = true }, Parse("trusted|vdev=hda|target=/i"));
        Assert.Equal(Raw("/i", "hda") with { Trusted = false }, Parse("untrusted|vdev=hda|target=/i"));
        Assert.Equal(Raw("/i", "hda") with { DirectIoSafe = true, GrantUsage = false }, Parse("direct-io-safe,grant_usage=0,/i,,hda"));
    }

    [Fact]
    public void A_target_by_key_takes_the_rest_with_its_commas() =>
        Assert.Equal(Raw("/a,b:c,vdev=x", "hda"), Parse("vdev=hda,target=/a,b:c,vdev=x"));

    [Fact]
    public void A_driver_domain_and_a_protocol_can_be_named() => Assert.Equal(
        Raw("/d", "xvda") with { BackendDomain = "storage", Specification = DiskSpecification.Virtio, Format = DiskFormat.Qcow2 },
        Parse("/d,qcow2,xvda,w,backend=storage,specification=virtio"));

    [Theory]
    [InlineData("foo", "no vdev specified in `foo'")]
    [InlineData("", "no vdev specified in `'")]
    [InlineData("vdev=hda", "no target specified (and device not removable) in `vdev=hda'")]
    [InlineData("foo:/x,xvda,w", "unknown deprecated disk prefix: near `foo:' in `foo:/x,xvda,w'")]
    [InlineData("hdc:", "unknown deprecated disk prefix: near `hdc:' in `hdc:'")]
    [InlineData("phy:/x,hda,w,y", "too many positional parameters: near `y' in `phy:/x,hda,w,y'")]
    [InlineData("phy:/x,hda,q", "unknown value for access: near `q' in `phy:/x,hda,q'")]
    [InlineData("/x,vmdk,hda", "unknown value for format: near `vmdk' in `/x,vmdk,hda'")]
    [InlineData("format=vmdk,vdev=hda", "unknown value for format: near `vmdk' in `format=vmdk,vdev=hda'")]
    [InlineData("devtype=tape,vdev=hda", "unknown value for type: near `devtype=tape,' in `devtype=tape,vdev=hda'")]
    [InlineData("backendtype=nfs", "unknown value for backendtype: near `nfs' in `backendtype=nfs'")]
    [InlineData("specification=ide", "unknown value for specification: near `ide' in `specification=ide'")]
    [InlineData("color=red,vdev=hda", "unknown parameter: near `color=r' in `color=red,vdev=hda'")]
    [InlineData("Foo=bar", "bad disk syntax: near `=bar' in `Foo=bar'")]
    [InlineData("phy:/x,hda:tape,w", "unknown deprecated type: near `tape' in `phy:/x,hda:tape,w'")]
    [InlineData("format=raw,format=qcow2", "format respecified: near `qcow2' in `format=raw,format=qcow2'")]
    [InlineData("backendtype=phy,backendtype=tap", "backend respecified: near `tap' in `backendtype=phy,backendtype=tap'")]
    [InlineData("vdev=hda,vdev=hdb", "vdev respecified: near `hdb' in `vdev=hda,vdev=hdb'")]
    [InlineData("/x,raw,hda,w,target=/y", "target respecified: near `/y' in `/x,raw,hda,w,target=/y'")]
    [InlineData("script=a,script=b", "script respecified: near `b' in `script=a,script=b'")]
    [InlineData("backend=a,backend=b", "backend respecified: near `b' in `backend=a,backend=b'")]
    [InlineData("colo-port=x", "unknown value for colo_port: near `x' in `colo-port=x'")]
    public void A_bad_specification_is_refused_in_the_words_of_xl(string spec, string message)
    {
        var result = DiskSpecParser.Parse(spec, "command line");

        Assert.Null(result.Disk);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"command line: config parsing error in disk specification: {message}", result.Diagnostics[0].Text);
    }

    [Fact]
    public void The_same_value_twice_is_no_respecification() =>
        Assert.Equal(Raw("/x", "hda"), Parse("format=raw,format=raw,/x,hda"));

    [Fact]
    public void An_empty_string_may_be_overwritten() => Assert.Equal(Raw("/x", "hda"), Parse(",raw,hda,w,target=/x"));

    private static DiskSpec? Parse(string spec) => DiskSpecParser.Parse(spec.Split('|'), "command line").Disk;

    private static DiskSpec Raw(string target, string vdev) =>
        new() { PdevPath = target, Vdev = vdev, Format = DiskFormat.Raw, ReadWrite = true };

    private static DiskSpec Cdrom(string? target, DiskFormat format, string vdev = "hdc") =>
        new() { PdevPath = target, Vdev = vdev, Format = format, Removable = true, IsCdrom = true };
}
