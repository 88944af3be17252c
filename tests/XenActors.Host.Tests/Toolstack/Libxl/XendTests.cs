namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>The reference page's host.</summary>
public sealed class XendTests
{
    private const string Profile = "fedora16-xen-4.1.2";
    private const string Guest = """
        builder='hvm'
        name='f16pvhvm'
        memory=1024
        vif=['mac=00:16:4f:02:02:15, bridge=virbr0, model=e1000NICTYPE']
        disk=['phy:/dev/loop0,hda,w','file:/g/x.iso,hdc:cdrom,r']
        xen_platform_pci=1
        serial='pty'

        """;

    [Fact]
    public void A_guests_devices_stand_in_the_pages_order()
    {
        var bench = new Bench(Profile);
        var answer = bench.Create(Guest.Replace("NICTYPE", "", StringComparison.Ordinal));

        Assert.True(answer.Ok, answer.Message);
        List<string> devices = [];
        foreach (var line in bench.Tree())
        {
            var path = line.Split(' ')[0].Split('/');
            if (path.Length == 7 && path[3] == "29" && path[4] == "device")
            {
                devices.Add(string.Join('/', path[4..]));
            }
        }

        Assert.Equal(["device/vfb/0", "device/vbd/768", "device/vbd/5632", "device/vif/0", "device/console/0"], devices);
        Assert.Equal("00:16:4f:02:02:15", bench.Value("/local/domain/29/device/vif/0/mac"));
        Assert.Null(bench.Value("/libxl"));
    }

    [Fact]
    public void With_type_ioemu_the_frontend_has_no_mac()
    {
        var bench = new Bench(Profile);
        Assert.True(bench.Create(Guest.Replace("NICTYPE", ", type=ioemu", StringComparison.Ordinal)).Ok);
        Assert.Null(bench.Value("/local/domain/29/device/vif/0/mac"));
        Assert.Equal("00:16:4f:02:02:15", bench.Value("/local/domain/0/backend/vif/29/0/mac"));
    }

    [Fact]
    public void A_failed_creation_leaves_nothing_behind()
    {
        var bench = new Bench(Profile, deaf: "vif");
        var tree = bench.Tree();
        Assert.False(bench.Create(Guest.Replace("NICTYPE", "", StringComparison.Ordinal)).Ok);
        Assert.Equal(tree, bench.Tree());
    }
}
