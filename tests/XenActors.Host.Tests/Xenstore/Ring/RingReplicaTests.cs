using System.Text;
using XenActors.Abi;
using XenActors.Hypervisor;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Tests.Xenstore.Ring;

/// <summary>Two guests' pages as replicas, one end with each kernel and one with xenstored.</summary>
public sealed class RingReplicaTests
{
    private readonly DomainPlaces places = new();
    private readonly Simulator simulator;
    private readonly ActorRef xenstored;
    private readonly Peer tool;
    private readonly Peer five;
    private readonly Peer six;

    public RingReplicaTests()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = VirtualDuration.FromMicroseconds(1) };
        foreach (var domain in (ushort[])[0, 5, 6]) places.Processes.Add(domain, builder.AddProcess($"dom{domain}"));
        simulator = builder.Build();
        xenstored = simulator.Spawn<XenstoredActor, XenstoredState>(places.Processes[0], "xenstored", XenstoredState.Create(places));
        tool = Spawn(0, "tool");
        (five, six) = (Kernel(5), Kernel(6));
    }

    [Fact]
    public void What_is_put_before_the_introduction_is_lost()
    {
        var page = new GuestReplica();
        Put(page, five, XsWireType.GetDomainPath, "9|");
        Assert.Empty(five.Heard);
        Introduce(5);
        Assert.Single(five.All<XsRingIntroduced>());
        page.Introduced();
        Put(page, five, XsWireType.GetDomainPath, "7|");
        Assert.Equal(["GetDomainPath /local/domain/7|"], Take(page, five));
    }

    [Fact]
    public void Requests_and_replies_cross_the_link_as_bytes_and_indices()
    {
        Introduce(5);
        var page = new GuestReplica();
        Put(page, five, XsWireType.GetDomainPath, "7|");
        var answer = five.Last<XsRingResponses>();
        Assert.Equal((32u, 18u, 32, 0u), (answer.RspProd, answer.ReqCons, answer.Bytes.Length, answer.Error));
        Assert.Equal(["GetDomainPath /local/domain/7|"], Take(page, five));
        Assert.Equal((18u, 18u, 32u, 32u), Indices(page));
    }

    [Fact]
    public void Messages_longer_than_the_ring_go_in_pieces()
    {
        tool.Tell(xenstored, new XsRequest(XsWireType.Write, 1, 0, Bytes("/big|" + new string('v', 4000))));
        tool.Tell(xenstored, new XsRequest(XsWireType.SetPerms, 2, 0, Bytes("/big|r0|")));
        Introduce(5);
        var page = new GuestReplica();
        Put(page, five, XsWireType.Read, "/big|");
        Assert.Equal("Read " + new string('v', 4000), Assert.Single(Take(page, five)));
        Put(page, five, XsWireType.Write, "/x|" + new string('w', 3000));
        Assert.Equal(["Error EACCES|"], Take(page, five));
    }

    // Indices, and as many or as few bytes as there is no reason for: the sender alone is the worse off.
    [Fact]
    public void A_kernel_that_breaks_its_ring_loses_its_connection_alone()
    {
        Introduce(5);
        Introduce(6);
        var good = new GuestReplica();
        Put(good, six, XsWireType.Watch, "@releaseDomain|t|");
        Assert.Equal(["Watch OK|", "WatchEvent @releaseDomain|t|"], Take(good, six));
        foreach (var bad in (XsRingRequests[])[new(1025, 0, []), new(0, 0, new byte[5000]), new(uint.MaxValue, uint.MaxValue, new byte[3]), new(1, 1, [7])])
        {
            five.Tell(xenstored, in bad);
        }

        Assert.Equal((uint)XenstoreRingError.Ringidx, five.Last<XsRingResponses>().Error);
        tool.Tell(xenstored, new XsRequest(XsWireType.IsDomainIntroduced, 3, 0, Bytes("5|")));
        Assert.Equal("T\0"u8, tool.Last<XsReply>().Payload);
        Put(good, six, XsWireType.GetDomainPath, "7|");
        Assert.Equal(["GetDomainPath /local/domain/7|"], Take(good, six));
        tool.Tell(xenstored, new XsRequest(XsWireType.Release, 4, 0, Bytes("5|")));
        Introduce(5);
        var page = new GuestReplica();
        Put(page, five, XsWireType.GetDomainPath, "8|");
        Assert.Equal("/local/domain/8|", Encoding.Latin1.GetString(five.Last<XsRingResponses>().Bytes.AsSpan(16)).Replace('\0', '|'));
    }

    [Fact]
    public void Only_the_kernel_speaks_for_its_page()
    {
        Introduce(5);
        var stranger = Spawn(6, "stranger");
        stranger.Tell(xenstored, new XsRingRequests(18, 0, new byte[18]));
        tool.Tell(xenstored, new XsRingRequests(18, 0, new byte[18]));
        Assert.Empty(stranger.Heard);
        Assert.Empty(tool.All<XsRingResponses>());
    }

    private Peer Kernel(ushort domain)
    {
        foreach (var name in (string[])["domain", "evtchn", "gnttab"]) Spawn(domain, name);
        var kernel = Spawn(domain, "xenbus");
        Assert.Equal(places.Xenbus(domain), kernel.Ref);
        return kernel;
    }

    private Peer Spawn(ushort domain, string name) =>
        new(simulator, simulator.Spawn<PeerActor, PeerState>(places.Processes[domain], name, new()));

    private void Introduce(ushort domain) => tool.Tell(xenstored, new XsRequest(XsWireType.Introduce, 9, 0, Bytes($"{domain}|1|1|")));

    private void Put(GuestReplica page, Peer kernel, XsWireType type, string text)
    {
        page.Send(new XsRequest(type, 1, 0, Bytes(text)));
        if (page.Publish() is { } published) kernel.Tell(xenstored, in published);
    }

    // Until nothing more comes of what is taken and put.
    private List<string> Take(GuestReplica page, Peer kernel)
    {
        var taken = new List<string>();
        while (true)
        {
            var heard = kernel.All<XsRingResponses>();
            kernel.Heard.Clear();
            foreach (var one in heard)
            {
                page.Arrive(in one);
                while (page.Ring.TryTake(page.Page, out var header, out var payload))
                {
                    taken.Add($"{(XsWireType)header.Type} {Encoding.Latin1.GetString(payload).Replace('\0', '|')}");
                }
            }

            if (page.Publish() is not { } published) return taken;
            kernel.Tell(xenstored, in published);
        }
    }

    private static (uint ReqCons, uint ReqProd, uint RspCons, uint RspProd) Indices(GuestReplica page)
    {
        page.Page.TryLoad(out var indices);
        return (indices.ReqCons, indices.ReqProd, indices.RspCons, indices.RspProd);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\0'));
}
