using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A vbd as the toolstack makes it, and a frontend that does what the test says.</summary>
internal sealed class ScriptedVbdFront(DeviceBench bench, int number = 768, BlkifLayout? abi = null, string kind = "vbd")
{
    private readonly BlkifLayout layout = abi ?? BlkifLayout.X86_64;
    private readonly List<BlkifResponse> answers = [];
    private int taken;

    public string Back { get; } = $"{DeviceBench.BackHome}/backend/{kind}/29/{number}";

    public string Front { get; } = $"{DeviceBench.GuestHome}/device/vbd/{number}";

    public string Error => $"{DeviceBench.BackHome}/error/backend/vbd/29/{number}/error";

    public Peer Driver { get; } = bench.NewPeer(DeviceBench.Guest, $"front-{number}");

    public FrontRing Ring { get; private set; } = null!;

    public uint RingRef { get; private set; }

    public uint Port { get; private set; }

    public Simulation.ActorRef Backend => Driver.Last<SharedPageMapped>().By;

    public ScriptedVbdFront Create(string mode = "w", string image = "/disk")
    {
        bench.Directory(Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("virtual-device", $"{number}"), ("device-type", "disk"), ("state", "1"));
        bench.Directory(
            Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("params", image), ("mode", mode), ("removable", "0"), ("online", "1"),
            ("state", "1"));
        bench.Run();
        return this;
    }

    /// <summary>What the hotplug script does.</summary>
    public ScriptedVbdFront Script()
    {
        bench.Write(Back + "/physical-device", "7:0");
        bench.Write(Back + "/hotplug-status", "connected");
        bench.Run();
        return this;
    }

    /// <summary>Ring and port, their keys, and Initialised.</summary>
    public ScriptedVbdFront Initialise(Action<FrontRing>? before = null)
    {
        Ring = FrontRing.Create(layout.RequestSize);
        before?.Invoke(Ring);
        Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, [.. Ring.Page], false, true, 0));
        Driver.Tell(bench.Places.EventChannels(DeviceBench.Guest), new AllocUnbound(0, 0));
        RingRef = Driver.Last<PagesGranted>().Refs[0];
        Port = Driver.Last<EvtchnAllocated>().Port;
        bench.Write(Front + "/ring-ref", $"{RingRef}");
        bench.Write(Front + "/event-channel", $"{Port}");
        bench.Write(Front + "/protocol", layout.Protocol);
        return this;
    }

    public ScriptedVbdFront State(int state = 3)
    {
        bench.Write(Front + "/state", $"{state}");
        bench.Run();
        return this;
    }

    public ScriptedVbdFront Connected() => Create().Script().Initialise().State();

    /// <summary>The backend's state in the store.</summary>
    public string? BackState => bench.Value(Back + "/state");

    /// <summary>A granted buffer of one page.</summary>
    public uint Buffer(byte fill = 0, bool readOnly = false)
    {
        var page = new byte[Gfn.PageSize];
        Array.Fill(page, fill);
        Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, page, readOnly, false, 1));
        return Driver.Last<PagesGranted>().Refs[0];
    }

    public byte[] Contents(uint reference) => bench.Grants(DeviceBench.Guest).Entries[reference].Page;

    public int Pins => bench.Grants(DeviceBench.Guest).Entries.Where(e => e.Key != RingRef).Sum(e => e.Value.Pins);

    /// <summary>One request through the ring; the answer.</summary>
    public BlkifResponse Ask(
        BlkifOp operation, ulong sector, ulong id, params ReadOnlySpan<Segment> segments) =>
        Ask(operation, (byte)segments.Length, sector, id, segments);

    public BlkifResponse Ask(
        BlkifOp operation, byte count, ulong sector, ulong id, ReadOnlySpan<Segment> segments)
    {
        var slot = Ring.NextRequest();
        new BlkifRequest(operation, count, (ushort)number, id, sector).WriteTo(slot, layout);
        for (var i = 0; i < segments.Length && i < BlkifLimits.MaxSegmentsPerRequest; i++)
        {
            var (reference, first, last) = segments[i];
            BlkifRequest.WriteSegment(slot, layout, i, new BlkifRequestSegment(new GrantRef(reference), first, last));
        }

        Driver.Tell(Backend, Ring.Publish(RingRef)!.Value);
        return Answers()[^1];
    }

    /// <summary>A request whose slot the test fills; the answer.</summary>
    public BlkifResponse Ask(FillSlot fill)
    {
        fill(Ring.NextRequest());
        Driver.Tell(Backend, Ring.Publish(RingRef)!.Value);
        return Answers()[^1];
    }

    public delegate void FillSlot(Span<byte> slot);

    public List<BlkifResponse> Answers()
    {
        var published = Driver.All<ResponsesPublished>();
        for (; taken < published.Count; taken++)
        {
            Ring.Arrive(published[taken]);
            while (Ring.Consume() is { } slot)
            {
                answers.Add(BlkifResponse.Read(slot));
            }
        }

        return answers;
    }
}
