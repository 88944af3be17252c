using XenActors.DeviceModel;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;
using XenActors.Toolstack.Libxl;

namespace XenActors.Tests.Toolstack.Libxl;

[Codec]
public sealed partial class RecorderState
{
    public List<GuestCreated> Created { get; private set; } = [];

    public List<string> Bridge { get; private set; } = [];

    public List<IoreqDone> Ioreqs { get; private set; } = [];

    public List<byte[]> Strings { get; private set; } = [];

    public bool Dom0Ready { get; set; }
}

/// <summary>Hears the toolstack's answers, the bridge's ports, and what QEMU says.</summary>
public sealed class RecorderActor : Actor<RecorderState>
{
    public void On(in GuestCreated m) => State.Created.Add(m);

    public void On(in Dom0Ready m) => State.Dom0Ready = true;

    public void On(in BridgePortAdded m) => State.Bridge.Add($"+{m.Bridge} {m.Port}");

    public void On(in BridgePortRemoved m) => State.Bridge.Add($"-{m.Bridge} {m.Port}");

    public void On(in IoreqDone m) => State.Ioreqs.Add(m);

    public void On(in IoreqStringDone m) => State.Strings.Add(m.Data);

    public void On(in OrderGuest m) => Context.Tell(m.To, m.Guest);

    public void On(in OrderWrite m) => Context.Tell(m.To, m.Write);

    public void On(in OrderRead m) => Context.Tell(m.To, m.Read);

    public void On(in OrderPci m) => Context.Tell(m.To, m.Read);

    public void On(in OrderString m) => Context.Tell(m.To, m.Read);
}

[Codec]
public sealed partial record OrderGuest(ActorRef To, CreateGuest Guest);

[Codec]
public readonly partial record struct OrderWrite(ActorRef To, PortWrite Write);

[Codec]
public readonly partial record struct OrderRead(ActorRef To, PortRead Read);

[Codec]
public readonly partial record struct OrderPci(ActorRef To, PciConfigRead Read);

[Codec]
public readonly partial record struct OrderString(ActorRef To, PortReadString Read);
