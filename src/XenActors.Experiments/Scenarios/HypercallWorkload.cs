using System.Globalization;
using XenActors.Experiments.Workloads.Hypercalls;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A program in a guest that makes hypercalls, and one in dom0 that maps what it grants.</summary>
internal sealed class HypercallWorkload(ScenarioWorkload plan) : Workload(plan)
{
    private Simulator? _simulator;
    private ActorRef _actor;

    public override bool Finished => State is { Finished: true };

    public override long Done => State?.Done ?? 0;

    public override string Summary => State is not { } state
        ? "not begun"
        : string.Create(CultureInfo.InvariantCulture, $"{state.Calls} calls, {state.Refused} refused, {state.Events} events{(Finished ? "" : ", not finished")}");

    private HypercallState? State => _simulator?.LastStateOf<HypercallState>(_actor);

    // A suspend takes ports away, and a fault may fill a table: then nobody knows what Xen must say.
    public override IReadOnlyList<string> Findings(bool undisturbed) => undisturbed && State is { } state ? [.. state.Wrong.Select(w => $"{Plan.Name}: {w}")] : [];

    public override void Start(ScenarioMachine machine)
    {
        _simulator = machine.Simulator;
        var guest = machine.Guest(Plan.Domain)!;
        var (domain, places) = (guest.Domain, guest.Machine.Places);
        Life = domain;
        var peer = _simulator.Spawn<HypercallPeerActor, HypercallPeerState>(places.Processes[0], $"hypercalls-{Plan.Name}", new HypercallPeerState
        {
            Domain = domain,
            EventChannels = places.EventChannels(0),
        });
        _actor = _simulator.Spawn<HypercallActor, HypercallState>(
            places.Processes[domain],
            $"hypercalls-{Plan.Name}",
            new HypercallState
            {
                Traffic = Plan.Hypercalls!,
                Domain = domain,
                Hvm = guest.State.Spec is { Type: DomainType.Hvm },
                EventChannels = places.EventChannels(domain),
                GrantTable = places.GrantTable(domain),
                ForeignGrantTable = places.GrantTable(0),
                Peer = peer,
            });
        _simulator.Remember(_actor);
        Started = true;
    }
}
