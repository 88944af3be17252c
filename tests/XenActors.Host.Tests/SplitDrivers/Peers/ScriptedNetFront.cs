using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A vif as the toolstack makes it, and a frontend that does what the test says.</summary>
internal sealed class ScriptedNetFront(DeviceBench bench, int number = 0)
{
    private readonly List<NetifTxResponse> answers = [];
    private readonly List<NetifRxResponse> received = [];
    private int taken;

    public string Back { get; } = $"{DeviceBench.BackHome}/backend/vif/29/{number}";

    public string Front { get; } = $"{DeviceBench.GuestHome}/device/vif/{number}";

    public string Vif => $"vif29.{number}";

    public Peer Driver { get; } = bench.NewPeer(DeviceBench.Guest, $"netfront-{number}");

    public FrontRing Tx { get; } = FrontRing.Create(NetifTxRequest.SizeOf);

    public FrontRing Rx { get; } = FrontRing.Create(NetifRxRequest.SizeOf);

    public uint TxRef { get; private set; }

    public uint RxRef { get; private set; }

    public Simulation.ActorRef Backend => Driver.Last<SharedPageMapped>().By;

    public ScriptedNetFront Connect(bool notify = true)
    {
        bench.Directory(Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("handle", $"{number}"), ("mac", "00:16:3e:00:00:29"), ("state", "1"));
        bench.Directory(Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("handle", $"{number}"), ("hotplug-status", ""), ("state", "1"));
        bench.Run();
        bench.Write(Back + "/hotplug-status", "connected");
        TxRef = Share(Tx, "tx");
        RxRef = Share(Rx, "rx");
        bench.Write(Front + "/request-rx-copy", "1");
        if (notify)
        {
            bench.Write(Front + "/feature-rx-notify", "1");
        }

        bench.Write(Front + "/feature-sg", "1");
        bench.Write(Front + "/feature-gso-tcpv4", "1");
        bench.Write(Front + "/state", "4");
        bench.Run();
        Assert.Equal("4", bench.Value(Back + "/state"));
        return this;
    }

    /// <summary>A granted page with these bytes from an offset on.</summary>
    public uint Page(ReadOnlySpan<byte> bytes = default, int offset = 0, bool readOnly = true, ushort to = 0)
    {
        var page = new byte[Gfn.PageSize];
        bytes.CopyTo(page.AsSpan(offset));
        Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(to, page, readOnly, false, 1));
        return Driver.Last<PagesGranted>().Refs[0];
    }

    public byte[] Contents(uint reference) => bench.Grants(DeviceBench.Guest).Entries[reference].Page;

    public ScriptedNetFront Put(uint reference, int offset, int size, NetTxFlags flags = 0, int id = 0)
    {
        new NetifTxRequest(new(reference), (ushort)offset, flags, (ushort)id, (ushort)size).WriteTo(Tx.NextRequest());
        return this;
    }

    public ScriptedNetFront PutGso(NetifGsoType type, ushort size, NetifExtraFlags flags = 0)
    {
        NetifExtraInfo.WriteGso(Tx.NextRequest(), flags, size, type);
        return this;
    }

    public ScriptedNetFront PutExtra(byte type, NetifExtraFlags flags = 0)
    {
        var slot = Tx.NextRequest();
        (slot[NetifExtraInfo.TypeOffset], slot[NetifExtraInfo.FlagsOffset]) = (type, (byte)flags);
        return this;
    }

    /// <summary>Publishes what was put; the responses to it.</summary>
    public List<NetifTxResponse> Send()
    {
        var before = Answers().Count;
        if (Tx.Publish(TxRef) is { } published)
        {
            Driver.Tell(Backend, published);
        }

        return Answers()[before..];
    }

    /// <summary>Posts a page for reception.</summary>
    public void Post(uint reference, int id)
    {
        new NetifRxRequest((ushort)id, new(reference)).WriteTo(Rx.NextRequest());
        Driver.Tell(Backend, Rx.Publish(RxRef)!.Value);
    }

    public List<NetifTxResponse> Answers()
    {
        Take();
        return answers;
    }

    public List<NetifRxResponse> Received()
    {
        Take();
        return received;
    }

    private void Take()
    {
        var published = Driver.All<ResponsesPublished>();
        for (; taken < published.Count; taken++)
        {
            var ring = published[taken].Ring == TxRef ? Tx : Rx;
            ring.Arrive(published[taken]);
            while (ring.Consume() is { } slot)
            {
                if (ring == Tx)
                {
                    answers.Add(NetifTxResponse.Read(slot));
                }
                else
                {
                    received.Add(NetifRxResponse.Read(slot));
                }
            }
        }
    }

    private uint Share(FrontRing ring, string name)
    {
        Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, [.. ring.Page], false, true, 0));
        Driver.Tell(bench.Places.EventChannels(DeviceBench.Guest), new AllocUnbound(0, 0));
        var reference = Driver.Last<PagesGranted>().Refs[0];
        bench.Write($"{Front}/{name}-ring-ref", $"{reference}");
        bench.Write($"{Front}/event-channel-{name}", $"{Driver.Last<EvtchnAllocated>().Port}");
        return reference;
    }
}
