using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A vbd whose backend does what the test says; the kind is qdisk, which dom0's kernel leaves to others.</summary>
internal sealed class ScriptedVbdBack(DeviceBench bench, int number = 768)
{
    public string Back { get; } = $"{DeviceBench.BackHome}/backend/qdisk/29/{number}";

    public string Front { get; } = $"{DeviceBench.GuestHome}/device/vbd/{number}";

    public string Error => $"{DeviceBench.GuestHome}/error/device/vbd/{number}/error";

    public Peer Driver { get; } = bench.NewPeer(0, $"back-{number}");

    public BackRing Ring { get; private set; } = null!;

    public uint RingRef { get; private set; }

    public ActorRef Frontend { get; private set; }

    public string? FrontState => bench.Value(Front + "/state");

    public ScriptedVbdBack Create(string type = "disk", string? number2 = null)
    {
        bench.Directory(
            Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("virtual-device", number2 ?? $"{number}"), ("device-type", type),
            ("state", "1"));
        bench.Directory(Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("state", "1"));
        bench.Run();
        return this;
    }

    public ScriptedVbdBack State(int state)
    {
        bench.Write(Back + "/state", $"{state}");
        bench.Run();
        return this;
    }

    /// <summary>Maps the ring, binds the port, publishes the properties, and goes to Connected.</summary>
    public ScriptedVbdBack Connect(params ReadOnlySpan<(string Key, string Value)> offers)
    {
        RingRef = uint.Parse(bench.Value(Front + "/ring-ref")!, System.Globalization.CultureInfo.InvariantCulture);
        var port = uint.Parse(bench.Value(Front + "/event-channel")!, System.Globalization.CultureInfo.InvariantCulture);
        Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new MapGrants([RingRef], false, 0));
        var mapped = Driver.Last<MapGrantsResult>();
        Frontend = mapped.Owner;
        Ring = BackRing.Attach(mapped.Pages, BlkifLayout.X86_64.RequestSize)!;
        Driver.Tell(bench.Places.EventChannels(0), new BindInterdomain(DeviceBench.Guest, port, 0));
        foreach (var (key, value) in ((string, string)[])[("sectors", "128"), ("info", "0"), ("sector-size", "512"), .. offers])
        {
            bench.Write($"{Back}/{key}", value);
        }

        return State(4);
    }

    /// <summary>Requests that have reached the backend and are not taken yet.</summary>
    public List<BlkifRequest> Take(ref int taken)
    {
        var found = new List<BlkifRequest>();
        var published = Driver.All<RequestsPublished>();
        for (; taken < published.Count; taken++)
        {
            Ring.Arrive(published[taken]);
            while (Ring.Consume() is { } slot)
            {
                found.Add(BlkifRequest.Read(slot, BlkifLayout.X86_64));
            }
        }

        return found;
    }

    public void Answer(ulong id, BlkifOp operation = BlkifOp.Read, BlkifStatus status = BlkifStatus.Okay)
    {
        new BlkifResponse(id, operation, status).WriteTo(Ring.NextResponse());
        Driver.Tell(Frontend, Ring.Publish(RingRef)!.Value);
    }
}
