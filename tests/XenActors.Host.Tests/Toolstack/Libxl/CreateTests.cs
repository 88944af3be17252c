namespace XenActors.Tests.Toolstack.Libxl;

public sealed class CreateTests
{
    private const string Plain = "builder='hvm'\nname='g'\nmemory=128\n";

    [Fact]
    public void A_creation_comes_to_rest()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);
        var before = bench.Simulator.EventsHandled;

        bench.Run(1000);

        Assert.Equal(before, bench.Simulator.EventsHandled);
    }

    [Fact]
    public void An_unpaused_guest_runs_after_its_last_device()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Bench.File("guest.cfg.txt"), paused: false).Ok);
        Assert.Equal(1, bench.Domain(29).Unpauses);
    }

    [Fact]
    public void A_second_domain_of_the_same_name_is_refused_and_leaves_nothing_behind()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Plain).Ok);
        var tree = bench.Tree();

        var answer = bench.Create(Plain, 30, uuid: "2debc9fa-33d3-4690-8dbd-3325a9d362fa");

        Assert.False(answer.Ok);
        Assert.Equal("Domain with name \"g\" already exists.", answer.Message);
        Assert.Equal(tree, bench.Tree());
    }

    [Fact]
    public void Two_creations_at_once_both_succeed()
    {
        var bench = new Bench();
        bench.Order(Plain);
        bench.Order(Plain.Replace("'g'", "'h'", StringComparison.Ordinal), 30, uuid: "2debc9fa-33d3-4690-8dbd-3325a9d362fa");
        bench.Run(60);
        Assert.All(bench.Recorder.Created, c => Assert.True(c.Ok, c.Message));
        Assert.Equal(2, bench.Recorder.Created.Count);
        Assert.Equal("5901", bench.Value("/local/domain/30/console/vnc-port"));
    }

    [Theory]
    [InlineData("disk=['phy:/dev/nothing,hda,w']", "Disk vdev=hda failed to stat: /dev/nothing: No such file or directory")]
    [InlineData("disk=['format=raw,vdev=hda,backendtype=phy,target=/g/x.iso']", "no suitable backend for disk hda")]
    [InlineData("disk=['/dev/loop0,raw,zz,w']", "Invalid or unsupported virtual disk identifier zz")]
    [InlineData("disk=[',hda,w']", "config parsing error in disk specification")]
    public void A_disk_that_no_backend_serves_is_named(string setting, string words)
    {
        var bench = new Bench();
        var tree = bench.Tree();

        var answer = bench.Create(Plain + setting + "\n");

        Assert.False(answer.Ok);
        Assert.Contains(words, answer.Message, StringComparison.Ordinal);
        Assert.Equal(tree, bench.Tree());
    }

    [Theory]
    [InlineData("vbd", "disk=['phy:/dev/loop0,hda,w']", "unable to add disk devices")]
    [InlineData("vif", "vif=['bridge=b0']\ndisk=['phy:/dev/loop0,hda,w']", "unable to add nic devices")]
    public void A_backend_that_never_answers_times_out_and_everything_is_undone(string deaf, string settings, string words)
    {
        var bench = new Bench(deaf: deaf);
        var tree = bench.Tree();

        var answer = bench.Create(Plain + settings + "\n");

        Assert.False(answer.Ok);
        Assert.EndsWith(words, answer.Message, StringComparison.Ordinal);
        Assert.Equal(tree, bench.Tree());
    }

    [Fact]
    public void A_missing_cd_image_keeps_the_device_model_from_starting()
    {
        var bench = new Bench();
        var tree = bench.Tree();

        var answer = bench.Create(Plain + "disk=['file:/g/none.iso,hdc:cdrom,r']\n");

        Assert.False(answer.Ok);
        Assert.Equal(
            "qemu-system-i386: Could not open '/g/none.iso': No such file or directory\ndevice model did not start: -3", answer.Message);
        Assert.Equal(tree, bench.Tree());
    }

    [Fact]
    public void A_volume_that_only_the_script_looks_for_is_the_block_scripts_error()
    {
        var bench = new Bench();
        var tree = bench.Tree();

        var answer = bench.Create(Plain + "disk=['/dev/x,raw,hda,w,script=block']\n");

        Assert.False(answer.Ok);
        Assert.Equal("script: /dev/x does not exist.\nunable to add disk devices", answer.Message);
        Assert.Equal(tree, bench.Tree());
    }

    [Fact]
    public void Several_disks_and_nics_get_their_own_directories()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Plain + "disk=['phy:/dev/loop0,hda,w','phy:/dev/loop0,xvdb,r',',hdc:cdrom,r']\nvif=['bridge=b0','bridge=b1,type=vif,mac=00:16:3e:00:00:01']\n").Ok);
        Assert.Equal("2", bench.Value("/local/domain/0/backend/vbd/29/51728/state"));
        Assert.Equal("r", bench.Value("/local/domain/0/backend/vbd/29/51728/mode"));
        Assert.Equal("aio:", bench.Value("/local/domain/0/backend/qdisk/29/5632/params"));
        Assert.StartsWith("00:16:3e:", bench.Value("/local/domain/29/device/vif/0/mac"), StringComparison.Ordinal);
        Assert.Equal("vif", bench.Value("/local/domain/0/backend/vif/29/1/type"));
        Assert.Equal(["+b0 vif29.0", "+b0 vif29.0-emu", "+b1 vif29.1"], bench.Recorder.Bridge.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pv_guest_has_no_device_model_and_no_keyboard_without_a_framebuffer()
    {
        var bench = new Bench();
        var answer = bench.Create("name='p'\nmemory=64\nkernel='/k'\ndisk=['phy:/dev/loop0,xvda,w']\nvif=['']\n");
        Assert.True(answer.Ok, answer.Message);
        Assert.Null(bench.Value("/local/domain/0/device-model/29/state"));
        Assert.Null(bench.Value("/local/domain/29/device/vkbd/0/state"));
        Assert.Equal("x86_64-abi", bench.Value("/local/domain/29/device/vbd/51712/protocol"));
        Assert.Equal("pv", bench.Value("/libxl/29/type"));
        Assert.Equal("linux", bench.Value($"/vm/{Bench.Uuid}/image/ostype"));
        Assert.Equal("/dev/pts/0", bench.Value("/local/domain/29/console/tty"));
    }

    [Fact]
    public void A_pv_guests_framebuffer_brings_a_keyboard_and_qemu()
    {
        var bench = new Bench();
        Assert.True(bench.Create("name='p'\nmemory=64\nkernel='/k'\nvfb=['vnc=1']\n").Ok);
        Assert.Equal("2", bench.Value("/local/domain/0/backend/vfb/29/0/state"));
        Assert.Equal("2", bench.Value("/local/domain/0/backend/vkbd/29/0/state"));
    }
}
