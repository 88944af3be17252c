using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

[Codec]
public sealed partial class EventChannelsState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    /// <summary>What hypercalls and upcalls take.</summary>
    public HostCosts Costs { get; set; } = HostCosts.Free;

    /// <summary>EVTCHNOP_send by this domain, whoever published what.</summary>
    public long Sends { get; set; }

    /// <summary>This domain's other event channel operations.</summary>
    public long OtherCalls { get; set; }

    /// <summary>The domain's vCPUs do not run: pending bits are set, and no upcall is taken.</summary>
    public bool Paused { get; set; }

    /// <summary>vCPUs in SCHEDOP_poll, the first that came first.</summary>
    public List<Poller> Pollers { get; set; } = [];

    public long NextPoller { get; set; }

    /// <summary>Events that came for this domain.</summary>
    public long Received { get; set; }

    /// <summary>Upcalls that its vCPUs took, each for one event or several.</summary>
    public long Upcalls { get; set; }

    /// <summary>Accesses to emulated interrupt controllers for them.</summary>
    public long Acknowledgements { get; set; }

    /// <summary>Xen's side.</summary>
    public EventChannels Channels { get; set; } = new();

    /// <summary>The guest's kernel, on the same bytes.</summary>
    public GuestEvents Guest { get; set; } = new();

    /// <summary>dom0's, whose kernel runs already: with the FIFO layout, if its Xen and its kernel both know it.</summary>
    public static EventChannelsState OfDom0(DomainPlaces places, int vcpus, bool fifo, HostCosts? costs = null)
    {
        var state = new EventChannelsState { Domain = 0, Places = places, Costs = costs ?? HostCosts.Free };

        // dom0's limit is the layout's own.
        state.Channels.Configure(vcpus, EvtchnFifo.NrChannels - 1, 64);
        for (var vcpu = 0u; fifo && vcpu < vcpus; vcpu++)
        {
            state.Channels.InitControl(new byte[Gfn.PageSize], 0, vcpu);
        }

        return state;
    }
}
