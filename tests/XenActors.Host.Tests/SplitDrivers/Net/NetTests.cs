using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Net.Bridge;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A vif whose frontend and backend are the real ones.</summary>
public sealed class NetTests
{
    private const string Front = DeviceBench.GuestHome + "/device/vif/0";
    private const string Back = DeviceBench.BackHome + "/backend/vif/29/0";
    private const string FrontError = DeviceBench.GuestHome + "/error/device/vif/0/error";
    private const string BackError = DeviceBench.BackHome + "/error/backend/vif/29/0/error";

    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;

    public NetTests() => guest = new(bench);

    private void Create(string? mac = "00:16:3e:01:02:03", string kind = "vif")
    {
        var back = Back.Replace("/vif/", $"/{kind}/", StringComparison.Ordinal);
        bench.Directory(Front, ["n29", "r0"], ("backend", back), ("backend-id", "0"), ("handle", "0"), ("state", "1"));
        if (mac is not null)
        {
            bench.Write(Front + "/mac", mac);
        }

        bench.Directory(back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("handle", "0"), ("hotplug-status", ""), ("state", "1"));
        bench.Run();
    }

    private void Script()
    {
        bench.Write(Back + "/hotplug-status", "connected");
        bench.Run();
    }

    private void Without(params ReadOnlySpan<string> features) =>
        guest.Profile = guest.Profile with { Features = [.. guest.Profile.Features.Except(features.ToArray())] };

    [Fact]
    public void The_frontend_goes_from_Initialising_to_Connected_and_the_backend_follows()
    {
        Create();
        Script();
        guest.Boot(true, 0, "vif");
        Assert.Equal(["4"], bench.States("device/vif/0"));
        Assert.Equal(["2", "4"], bench.States("backend/vif/29/0"));
        Assert.Equal("00:16:3e:01:02:03", guest.Kernel.Last<NetdevAppeared>().Mac);
    }

    [Fact]
    public void The_backend_says_Connected_only_after_the_script()
    {
        Create();
        guest.Boot(true, 0, "vif");
        Assert.Equal("4", bench.Value(Front + "/state"));
        Assert.Equal("2", bench.Value(Back + "/state"));
        Script();
        Assert.Equal("4", bench.Value(Back + "/state"));
    }

    [Fact]
    public void Publishes_its_keys_in_the_profiles_order()
    {
        Create();
        Assert.Equal(bench.Host.Backend.VifProbe.Select(k => k.Name), bench.Keys(Back).Skip(5));
    }

    [Fact]
    public void Both_directions_have_a_channel_where_both_ends_can()
    {
        Create();
        guest.Boot(true, 0, "vif");
        Assert.Null(bench.Value(Front + "/event-channel"));
        Assert.NotEqual(bench.Value(Front + "/event-channel-tx"), bench.Value(Front + "/event-channel-rx"));
    }

    [Fact]
    public void An_older_frontend_has_one_channel()
    {
        Without("netfront-split-event-channels");
        Create();
        Script();
        guest.Boot(true, 0, "vif");
        Assert.Equal("1", bench.Value(Front + "/event-channel"));
        Assert.Null(bench.Value(Front + "/event-channel-tx"));
        Assert.Equal("4", bench.Value(Back + "/state"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_number_of_queues_is_told_by_kernels_that_know_queues(bool knows)
    {
        if (!knows)
        {
            Without("netfront-multi-queue");
        }

        Create();
        guest.Boot(true, 0, "vif");
        Assert.Equal(knows ? "1" : null, bench.Value(Front + "/multi-queue-num-queues"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("x")]
    public void A_backend_without_rx_copy_is_refused(string? value)
    {
        Create(kind: "other");
        var back = Back.Replace("/vif/", "/other/", StringComparison.Ordinal);
        if (value is not null)
        {
            bench.Write(back + "/feature-rx-copy", value);
        }

        bench.Write(back + "/state", "2");
        bench.Run();
        guest.Boot(true, 0, "vif");
        Assert.Contains(guest.Log, l => l.EndsWith("backend does not support copying receive path", StringComparison.Ordinal));
        Assert.Equal("1", bench.Value(Front + "/state"));
    }

    [Fact]
    public void Without_an_address_the_probe_fails_in_these_words()
    {
        Create(mac: null);
        guest.Boot(true, 0, "vif");
        Assert.Equal("2 parsing device/vif/0/mac", bench.Value(FrontError));
        Assert.Equal("1", bench.Value(Front + "/state"));
    }

    [Theory]
    [InlineData("tx-ring-ref", "-1")]
    [InlineData("rx-ring-ref", "4294967296")]
    [InlineData("rx-ring-ref", "9999")]
    [InlineData("event-channel-tx", "0")]
    [InlineData("event-channel-tx", "900")]
    [InlineData("event-channel-rx", "-1")]
    [InlineData("event-channel-rx", "4294967296")]
    public void A_bad_node_costs_an_error_and_the_connection(string key, string value)
    {
        Create();
        Script();
        Scripted(key, value);
        Assert.NotNull(bench.Value(BackError));
        Assert.Equal("5", bench.Value(Back + "/state"));
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void The_backend_stops_with_its_directory_and_the_vif_goes()
    {
        Create();
        Script();
        guest.Boot(true, 0, "vif");
        Assert.True(Carrier());
        bench.Rm(Back);
        Assert.True(bench.Simulator.Find("dom0/xenbus/vif-29-0").IsNone);
        Assert.Empty(bench.Simulator.StateOf<BridgeState>(bench.Bridges)!.Devices);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void The_backend_stops_with_its_frontends_directory()
    {
        Create();
        guest.Boot(true, 0, "vif");
        bench.Rm(Front);
        Assert.True(bench.Simulator.Find("dom0/xenbus/vif-29-0").IsNone);
    }

    private bool Carrier() => bench.Simulator.StateOf<BridgeState>(bench.Bridges)!.Devices.Single(d => d.Name == "vif29.0").Carrier;

    // A frontend with rings and ports of its own, one key of which is bad.
    private void Scripted(string key, string value)
    {
        var page = new byte[Gfn.PageSize];
        SharedRing.Initialise(page);
        foreach (var name in (string[])["tx", "rx"])
        {
            bench.Front.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, [.. page], false, true, 0));
            bench.Front.Tell(bench.Places.EventChannels(DeviceBench.Guest), new AllocUnbound(0, 0));
            bench.Write($"{Front}/{name}-ring-ref", $"{bench.Front.Last<PagesGranted>().Refs[0]}");
            bench.Write($"{Front}/event-channel-{name}", $"{bench.Front.Last<EvtchnAllocated>().Port}");
        }

        bench.Write($"{Front}/{key}", value);
        bench.Write(Front + "/state", "4");
        bench.Run();
    }
}
