using XenActors.Abi;
using XenActors.Hypervisor;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;

namespace XenActors.Tests.Hypervisor;

/// <summary>A driver that writes down what the event channels tell it.</summary>
[Codec]
public sealed partial class EventLog
{
    public ActorRef Channels { get; set; }

    public List<string> Heard { get; set; } = [];
}

public sealed class EventDriver : Actor<EventLog>
{
    public void On(in AllocUnbound m) => Context.Tell(State.Channels, in m);

    public void On(in BindInterdomain m) => Context.Tell(State.Channels, in m);

    public void On(in SendEvent m) => Context.Tell(State.Channels, in m);

    public void On(in CloseEvent m) => Context.Tell(State.Channels, in m);

    public void On(in EvtchnAllocated m) => State.Heard.Add($"allocated {m.Error} {m.Port}");

    public void On(in EvtchnBound m) => State.Heard.Add($"bound {m.Error} {m.Port}");

    public void On(in EventFired m) => State.Heard.Add($"fired {m.Port}");
}

public sealed class EventChannelsTests
{
    private readonly Simulator _simulator;
    private readonly ActorRef _guest;
    private readonly ActorRef _dom0;
    private readonly DomainPlaces _places = new();

    public EventChannelsTests()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = VirtualDuration.FromMicroseconds(1) };
        _places.Processes.Add(0, builder.AddProcess("dom0"));
        _places.Processes.Add(5, builder.AddProcess("dom5"));
        _places.Processes.Add(6, builder.AddProcess("dom6"));
        _simulator = builder.Build();
        _dom0 = Spawn(0);
        _guest = Spawn(5);
        Spawn(6);
    }

    private ActorRef Spawn(ushort domain)
    {
        var process = _places.Processes[domain];
        _simulator.Spawn<EventDriver, EventLog>(process, "unused", new EventLog());
        var channels = _simulator.Spawn<EventChannelsActor, EventChannelsState>(
            process, "evtchn", new EventChannelsState { Domain = domain, Places = _places });
        Assert.Equal(_places.EventChannels(domain), channels);
        return _simulator.Spawn<EventDriver, EventLog>(process, "driver", new EventLog { Channels = channels });
    }

    private List<string> Ask<T>(ActorRef driver, T message)
        where T : ICodec<T>
    {
        _simulator.Tell(driver, in message);
        _simulator.Run();
        return _simulator.StateOf<EventLog>(driver)!.Heard;
    }

    private void Connect()
    {
        Ask(_guest, new AllocUnbound(0, 1));
        Ask(_dom0, new BindInterdomain(5, 1, 2));
    }

    [Fact]
    public void Ports_begin_at_one() => Assert.Equal(["allocated None 1"], Ask(_guest, new AllocUnbound(0, 1)));

    [Fact]
    public void A_bound_port_is_pending_at_once()
    {
        Connect();
        Assert.Equal(["bound None 1", "fired 1"], _simulator.StateOf<EventLog>(_dom0)!.Heard);
    }

    [Fact]
    public void An_event_reaches_the_other_ends_owner()
    {
        Connect();
        Ask(_dom0, new SendEvent(1));
        Assert.Equal(["allocated None 1", "fired 1"], _simulator.StateOf<EventLog>(_guest)!.Heard);
    }

    [Fact]
    public void Binding_to_a_port_meant_for_another_domain_is_refused()
    {
        Ask(_guest, new AllocUnbound(6, 1));
        Assert.Equal(["bound EINVAL 0"], Ask(_dom0, new BindInterdomain(5, 1, 2)));
    }

    [Fact]
    public void Binding_to_an_unknown_domain_is_refused() =>
        Assert.Equal(["bound ESRCH 0"], Ask(_dom0, new BindInterdomain(77, 1, 2)));

    [Fact]
    public void Binding_twice_is_refused()
    {
        Connect();
        Assert.Equal("bound EINVAL 0", Ask(_dom0, new BindInterdomain(5, 1, 3))[^1]);
    }

    [Fact]
    public void Closing_makes_the_other_end_unbound_again()
    {
        Connect();
        Ask(_dom0, new CloseEvent(1));
        var channels = _simulator.StateOf<EventChannelsState>(_places.EventChannels(5))!.Channels;
        Assert.Equal(EvtchnState.Unbound, channels.Ports[1].State);
    }

    [Fact]
    public void An_event_to_an_unbound_port_vanishes()
    {
        Ask(_guest, new AllocUnbound(0, 1));
        Ask(_guest, new SendEvent(1));
        Assert.Empty(_simulator.StateOf<EventLog>(_dom0)!.Heard);
    }
}
