using XenActors.Guest.Block;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>blkfront and blkback together, on real rings.</summary>
public sealed class VbdTests
{
    private static readonly string[] OldHost = ["feature-persistent", "feature-max-indirect-segments"];

    private static (DeviceBench Bench, ScriptedGuest Guest, VbdPair Vbd) Connected(string kernel = "debian12-6.1", params string[] lacking)
    {
        var bench = new DeviceBench(1, host => host with
        {
            Backend = new()
            {
                VbdProbe = [.. host.Backend.VbdProbe.Where(k => !lacking.Contains(k.Name))],
                VbdConnect = [.. host.Backend.VbdConnect.Where(k => !lacking.Contains(k.Name))],
                VifProbe = host.Backend.VifProbe,
            },
        });
        var guest = new ScriptedGuest(bench, kernel).Boot(true, 0, "vbd");
        var vbd = new VbdPair(bench, guest);
        Assert.Equal("4", bench.Value(vbd.Front + "/state"));
        return (bench, guest, vbd);
    }

    private static int Count<T>(DeviceBench bench)
        where T : ICodec<T> => bench.Trace.Records.Count(r => r.Message == Message<T>.Type.Name);

    [Theory]
    [InlineData("debian12-6.1")]
    [InlineData("fedora16-3.1")]
    public void What_is_written_is_read_again(string kernel)
    {
        var (bench, _, vbd) = Connected(kernel);
        foreach (var (sector, count) in ((int, int)[])[(0, 1), (5, 8), (3, 88), (1, 13), (0, 128), (17, 97)])
        {
            var data = VbdPair.Pattern(count, sector + count);
            vbd.Write((ulong)sector, data);
            Assert.Equal(data, bench.Volumes.Images["/disk"].AsSpan(sector * 512, data.Length).ToArray());
            Assert.Equal(data, vbd.Read((ulong)sector, (uint)count));
        }
    }

    [Fact]
    public void A_backend_without_persistent_grants_maps_and_unmaps_each_request()
    {
        var (bench, _, vbd) = Connected(lacking: OldHost);
        var data = VbdPair.Pattern(20, 1);
        vbd.Write(7, data);
        Assert.Equal(data, vbd.Read(7, 20));
        Assert.Equal(2, bench.Grants(DeviceBench.Guest).Mappings.Count + Count<UnmapGrants>(bench) - 1);
        Assert.Single(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void Persistent_grants_cost_no_grant_message_in_the_steady_state()
    {
        var (bench, _, vbd) = Connected();
        vbd.Write(0, VbdPair.Pattern(16, 1));
        var messages = Count<MapGrants>(bench) + Count<UnmapGrants>(bench) + Count<GrantPages>(bench) + Count<EndAccess>(bench);
        for (var i = 0; i < 20; i++)
        {
            var data = VbdPair.Pattern(16, i);
            vbd.Write((ulong)i, data);
            Assert.Equal(data, vbd.Read((ulong)i, 16));
        }

        Assert.Equal(messages, Count<MapGrants>(bench) + Count<UnmapGrants>(bench) + Count<GrantPages>(bench) + Count<EndAccess>(bench));
    }

    [Fact]
    public void A_request_for_more_than_11_pages_is_indirect_where_both_know_it_and_several_where_not()
    {
        var (bench, _, vbd) = Connected();
        vbd.Read(0, 128);
        Assert.Equal(1, vbd.BackState.Rings[0].ReadRequests);
        Assert.Equal(256u, vbd.Disk.Limits.MaxSectors);

        (bench, _, vbd) = Connected(lacking: OldHost);
        vbd.Read(0, 128);
        Assert.Equal(2, vbd.BackState.Rings[0].ReadRequests);
        Assert.Equal(88u, vbd.Disk.Limits.MaxSectors);
        Assert.NotNull(bench);
    }

    [Fact]
    public void A_flush_reaches_the_volume()
    {
        var (bench, _, vbd) = Connected();
        Assert.True(vbd.Disk.Limits.WriteCache);
        Assert.False(vbd.Disk.Limits.Fua);
        Assert.Equal(BlockStatus.Ok, vbd.Ask(BlockOperation.Flush, 0, 0).Status);
        Assert.Equal(1, bench.Volumes.Flushes);
        Assert.Equal(BlockStatus.IoError, vbd.Ask(BlockOperation.Write, 0, 1, new byte[512], BlockFlags.Fua).Status);
    }

    [Fact]
    public void A_backend_with_barriers_only_gets_barriers_for_flushes_and_for_FUA()
    {
        var (bench, _, vbd) = Connected(lacking: "feature-flush-cache");
        Assert.True(vbd.Disk.Limits.Fua);
        Assert.Equal(BlockStatus.Ok, vbd.Ask(BlockOperation.Flush, 0, 0).Status);
        Assert.Equal(1, bench.Volumes.Flushes);
        var data = VbdPair.Pattern(100, 5);
        Assert.Equal(BlockStatus.Ok, vbd.Ask(BlockOperation.Write, 3, 100, data, BlockFlags.Fua).Status);
        Assert.Equal(3, bench.Volumes.Flushes);
        Assert.Equal(data, vbd.Read(3, 100));
    }

    [Fact]
    public void A_discard_reaches_the_volume()
    {
        var (bench, _, vbd) = Connected();
        Assert.Equal(4096u, vbd.Disk.Limits.DiscardGranularity);
        Assert.Equal(BlockStatus.Ok, vbd.Ask(BlockOperation.Discard, 8, 16).Status);
        Assert.Equal([7, 0, 0, 24], new[] { 7, 8, 23, 24 }.Select(s => (int)bench.Volumes.Images["/disk"][s * 512]));
        Assert.Equal(BlockStatus.NotSupported, vbd.Ask(BlockOperation.SecureErase, 8, 16).Status);
    }

    [Fact]
    public void A_32_bit_guest_is_served()
    {
        var bench = new DeviceBench();
        var guest = new ScriptedGuest(bench);
        guest.Profile = guest.Profile with { Features = [.. guest.Profile.Features, "x86-32"] };
        guest.Boot(true, 0, "vbd");
        var vbd = new VbdPair(bench, guest);
        Assert.Equal("x86_32-abi", bench.Value(vbd.Front + "/protocol"));
        var data = VbdPair.Pattern(120, 3);
        vbd.Write(2, data);
        Assert.Equal(data, vbd.Read(2, 120));
    }

    [Fact]
    public void Idle_pages_are_given_back_after_a_minute_and_ended_by_the_frontend()
    {
        var (bench, _, vbd) = Connected();
        vbd.Read(0, 128);
        Assert.Equal(17, vbd.BackState.Rings[0].Persistent.Count);
        Assert.Equal(17, vbd.FrontState.Rings[0].Buffers.Granted);
        bench.Run(59_000);
        Assert.Equal(17, vbd.BackState.Rings[0].Persistent.Count);
        bench.Run(2_000);
        Assert.Equal(0, vbd.BackState.Rings[0].Persistent.Count);
        bench.Run(12_000);
        Assert.Equal(0, vbd.FrontState.Rings[0].Buffers.Granted);
        Assert.Single(bench.Grants(DeviceBench.Guest).Mappings);
        Assert.Equal(2, (int)vbd.Read(2, 1)[0]);
    }

    [Fact]
    public void Nothing_is_left_when_the_toolstack_has_taken_the_disk_away()
    {
        var (bench, _, vbd) = Connected();
        var data = VbdPair.Pattern(128, 9);
        vbd.Write(0, data);
        bench.Write(vbd.Back + "/online", "0");
        bench.Write(vbd.Back + "/state", "5");
        bench.Run();
        Assert.Equal(("6", "6"), (bench.Value(vbd.Front + "/state"), bench.Value(vbd.Back + "/state")));
        bench.Rm(vbd.Back);
        bench.Rm(vbd.Front);
        bench.Run(3000);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        Assert.DoesNotContain(bench.Grants(DeviceBench.Guest).Entries, e => e.Key >= GrantTable.Reserved);
        Assert.Empty(bench.Channels(DeviceBench.Guest).Ports);
        Assert.Empty(bench.Channels(0).Ports);
        Assert.True(vbd.FrontActor.IsNone && vbd.BackActor.IsNone);
    }
}
