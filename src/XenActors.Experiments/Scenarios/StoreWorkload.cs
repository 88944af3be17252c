using System.Globalization;
using XenActors.Experiments.Workloads.Store;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A client of xenstore.</summary>
internal sealed class StoreWorkload(ScenarioWorkload plan) : Workload(plan)
{
    public const string Dom0 = "dom0";

    private Simulator? _simulator;
    private ActorRef _actor;

    public override bool Finished => Started && State is { Finished: true };

    public override long Done => State?.Done ?? 0;

    public override string Summary => State is not { } state
        ? "not begun"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Requests} requests, {state.Commits} transactions, {state.Conflicts} conflicts, {state.Errors} errors, {state.Events} watch events{(Finished ? "" : ", not finished")}");

    private StoreTrafficState? State => _simulator?.LastStateOf<StoreTrafficState>(_actor);

    public override void Start(ScenarioMachine machine)
    {
        _simulator = machine.Simulator;
        var inDom0 = Plan.Domain == Dom0;
        var guest = inDom0 ? null : machine.Guest(Plan.Domain)!;
        var host = guest?.Machine ?? machine.Sites[0].Machine;
        var domain = guest?.Domain ?? 0;
        Life = guest?.Domain;
        var traffic = Plan.Store!;
        if (traffic.Path.Length == 0)
        {
            traffic = traffic with { Path = inDom0 ? $"/tool/{Plan.Name}" : string.Create(CultureInfo.InvariantCulture, $"/local/domain/{domain}/data/{Plan.Name}") };
        }

        traffic = traffic with { Path = Numbered(traffic.Path, machine) };
        _actor = _simulator.Spawn<StoreTrafficActor, StoreTrafficState>(
            host.Places.Processes[domain], $"store-{Plan.Name}", new StoreTrafficState { Traffic = traffic, Xenstored = host.Xenstored });
        _simulator.Remember(_actor);
        Started = true;
    }

    // /local/domain/NAME/... is the domain's of that name.
    private static string Numbered(string path, ScenarioMachine machine)
    {
        var parts = path.Split('/');
        if (parts is not ["", "local", "domain", { Length: > 0 } name, ..] || machine.Guest(name) is not { Domain: var domain })
        {
            return path;
        }

        parts[3] = domain.ToString(CultureInfo.InvariantCulture);
        return string.Join('/', parts);
    }
}
