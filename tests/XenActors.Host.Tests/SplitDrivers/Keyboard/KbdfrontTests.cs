namespace XenActors.Tests.SplitDrivers;

public sealed class KbdfrontTests
{
    private const string Front = DeviceBench.GuestHome + "/device/vkbd/0";
    private const string Back = DeviceBench.BackHome + "/backend/vkbd/29/0";

    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;

    public KbdfrontTests() => guest = new(bench);

    private void Create()
    {
        bench.Directory(Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("state", "1"));
        bench.Directory(Back, ["n0", "r29"], ("feature-abs-pointer", "1"), ("state", "1"));
        bench.Run();
    }

    [Fact]
    public void Is_Initialised_without_waiting_and_Connected_with_its_backend()
    {
        Create();
        guest.Boot(true, 0, "vkbd");
        Assert.Equal("3", bench.Value(Front + "/state"));
        bench.Write(Back + "/state", "4");
        bench.Run();
        Assert.Equal(["3", "4"], bench.States("device/vkbd/0"));
    }

    [Fact]
    public void Publishes_page_grant_and_port()
    {
        Create();
        guest.Boot(true, 0, "vkbd");
        Assert.Equal(
            ["backend", "backend-id", "state", "request-abs-pointer", "page-ref", "page-gref", "event-channel"], bench.Keys(Front));
        Assert.Equal("8", bench.Value(Front + "/page-gref"));
    }

    [Fact]
    public void Without_a_backend_the_probe_fails_once()
    {
        bench.Directory(Front, ["n29", "r0"], ("state", "1"));
        bench.Run();
        guest.Boot(true, 0, "vkbd");
        Assert.Single(guest.Log, l => l.Contains("2 xenbus_dev_probe on device/vkbd/0", StringComparison.Ordinal));
    }
}
