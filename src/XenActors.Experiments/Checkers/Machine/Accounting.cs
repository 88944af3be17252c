using XenActors.Abi;
using XenActors.Experiments.Checkers.Grants;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>
/// G8: what a domain had is there again when it is gone: its pages are mapped by nobody, ports of others do not lead to it, no backend serves it, its store
/// nodes, connections and watches have gone. At any end, every pin of a grant belongs to one live mapping. And while it lives, a block backend at rest has nothing of
/// it mapped that it does not know of. A device that is attached while its domain is being destroyed is nobody's: libxl lists a domain's devices once
/// (libxl__devices_destroy), and another xl that has its transaction after that leaves it there.
/// </summary>
public sealed class Accounting() : Checker("g8-accounting"), IObserve<StoreChanged>
{
    /// <summary>So long a toolstack may take to clear up behind a domain: its scripts and backends have 40 s and 10 s of patience.</summary>
    public static readonly VirtualDuration PatienceDefault = VirtualDuration.FromSeconds(60);

    private static readonly VirtualDuration BetweenLooks = VirtualDuration.FromSeconds(1);

    private readonly BackendMappings _mappings = new();
    private readonly SortedSet<ushort> _lived = [];
    private readonly SortedDictionary<ushort, VirtualTime> _ended = [];

    // Directories of backends that were made while their domain did not run, and it has not run since.
    private readonly SortedDictionary<string, ushort> _late = new(StringComparer.Ordinal);
    private CheckedRun? _run;
    private VirtualTime _looked;

    public VirtualDuration Patience { get; init; } = PatienceDefault;

    public override IReadOnlyList<string> AllBranches { get; } =
    [
        "a domain ended", "excused", "a domain is gone", "attached to a domain that goes", "no pins", "pins and mappings agree",
    ];

    public override void Attach(CheckedRun run)
    {
        _run = run;
        _mappings.Attach(run);
        run.Observe<StoreChanged>(this);
    }

    public void On(in Observed at, in StoreChanged what)
    {
        const string frontend = "/frontend-id";
        if (what.Exists && what.Path.StartsWith("/local/domain/0/backend/", StringComparison.Ordinal) && what.Path.EndsWith(frontend, StringComparison.Ordinal)
            && what.Path[..^frontend.Length] is var device && GuestLives.FrontendOf(device) is { } domain && GuestLives.IsAlive(_run!.Machine, domain)
            && !GuestLives.Runs(_run.Machine, domain))
        {
            _late[device] = domain;
        }
    }

    public override void AtSlice(CheckedRun run)
    {
        if (run.Simulator.Now - _looked >= BetweenLooks)
        {
            _looked = run.Simulator.Now;
            Mappings(run);
        }

        // A guest that is restored gets its devices while it stands.
        if (_late.Count > 0)
        {
            foreach (var (device, domain) in _late.ToArray())
            {
                if (GuestLives.Runs(run.Machine, domain))
                {
                    _late.Remove(device);
                }
            }
        }

        foreach (var domain in run.Machine.Places.Processes.Keys)
        {
            if (domain == 0)
            {
                continue;
            }

            if (GuestLives.IsAlive(run.Machine, domain))
            {
                _lived.Add(domain);
            }
            else if (_lived.Remove(domain))
            {
                Reach("a domain ended");
                _ended[domain] = run.Simulator.Now;
            }
        }
    }

    private void Mappings(CheckedRun run)
    {
        foreach (var (owner, unknown) in _mappings.Look(run))
        {
            Fail(run.Simulator.Now, $"a backend has {unknown} pages of dom{owner} mapped that it does not know of");
        }
    }

    public override void AtEnd(CheckedRun run)
    {
        Mappings(run);
        foreach (var (domain, at) in _ended)
        {
            var since = run.AllHealedAt is { } healed && healed > at ? healed : at;
            if (run.FaultsOn || run.Leaking.Names(domain))
            {
                Reach("excused");
            }
            else if (run.Simulator.Now - since > Patience)
            {
                Reach("a domain is gone");
                Gone(run, domain);
            }
        }

        foreach (var domain in run.Machine.Places.Processes.Keys)
        {
            Pins(run, domain);
        }
    }

    private void Gone(CheckedRun run, ushort domain)
    {
        var machine = run.Machine;
        foreach (var node in machine.Store.Dump())
        {
            Seen++;
            if (IsOf(node.Path, domain, UuidOf(machine, domain)))
            {
                if (IsLate(node.Path))
                {
                    Reach("attached to a domain that goes");
                    continue;
                }

                Leak(run, domain, $"the store still has {node.Path}");
                break;
            }
        }

        foreach (var (port, state) in machine.EventChannels(0).Channels.Ports)
        {
            if (state.State == EvtchnState.Interdomain && state.Remote == domain)
            {
                Leak(run, domain, $"dom0's port {port} still leads to it");
            }
        }

        if (run.Simulator.StateOf<GrantTableState>(machine.Places.GrantTable(domain))?.Table.Mappings is { Count: > 0 } mappings)
        {
            Leak(run, domain, $"{mappings.Count} of its pages are still mapped, the first by dom{mappings[0].By} ({mappings[0].Ref})");
        }

        foreach (var owner in machine.Places.Processes.Keys)
        {
            var mine = run.Simulator.StateOf<GrantTableState>(machine.Places.GrantTable(owner))?.Table.Mappings.FindAll(m => m.By == domain).Count ?? 0;
            if (mine > 0)
            {
                Leak(run, domain, $"it still has {mine} pages of dom{owner} mapped");
            }
        }

        if (run.Simulator.StateOf<BackendXenbusState>(machine.Places.Xenbus(0))?.Devices.Find(d => GuestLives.FrontendOf(d.Node) == domain) is { } device)
        {
            Leak(run, domain, $"the backend of {device.Node} is still there");
        }

        if (run.Simulator.StateOf<XenstoredState>(machine.Xenstored)?.ConnectionsOf(machine.Places.Processes[domain]).Any() == true)
        {
            Leak(run, domain, "xenstored still keeps its connection");
        }
    }

    // A guest's next life has the same UUID: its node is not the dead one's any more.
    private static string? UuidOf(XenMachine machine, ushort domain)
    {
        var uuid = GuestLives.StateOf(machine, domain)?.Spec?.Uuid;
        return machine.Places.Processes.Keys.Any(d => d != 0 && d != domain && GuestLives.StateOf(machine, d) is { Spec: { } other, Status: not DomainStatus.Dead } && other.Uuid == uuid) ? null : uuid;
    }

    private bool IsLate(string path)
    {
        foreach (var (device, domain) in _late)
        {
            // As .../vif/1/0
            var parts = device.Split('/');
            var front = $"device/{(parts[^3] == "qdisk" ? "vbd" : parts[^3])}/{parts[^1]}";
            if (IsOn(path, device) || IsOn(path, $"/local/domain/{domain}/{front}") || IsOn(path, $"/libxl/{domain}/{front}"))
            {
                return true;
            }
        }

        return false;
    }

    // On the way to it, or in it.
    private static bool IsOn(string path, string device) =>
        path == device || path.StartsWith($"{device}/", StringComparison.Ordinal) || device.StartsWith($"{path}/", StringComparison.Ordinal);

    private void Leak(CheckedRun run, ushort domain, string what) =>
        Fail(run.Simulator.Now, $"dom{domain} ended at {_ended[domain]}, and {what}");

    // /local/domain/N, /libxl/N, /vm/UUID, and backends' /local/domain/B/backend/KIND/N
    private static bool IsOf(string path, ushort domain, string? uuid)
    {
        var parts = path.Split('/');
        var name = $"{domain}";
        return parts switch
        {
            ["", "local", "domain", _, "backend", _, var front, ..] when front == name => true,
            ["", "local", "domain", var own, ..] when own == name => true,
            ["", "libxl", var own, ..] when own == name => true,
            ["", "vm", var own, ..] when own == uuid => true,
            _ => false,
        };
    }

    private void Pins(CheckedRun run, ushort domain)
    {
        if (run.Simulator.StateOf<GrantTableState>(run.Machine.Places.GrantTable(domain))?.Table is not { } table)
        {
            return;
        }

        var pins = 0;
        foreach (var entry in table.Entries.Values)
        {
            Seen++;
            pins += entry.Pins;
        }

        if (pins != table.Mappings.Count)
        {
            Fail(run.Simulator.Now, $"dom{domain}'s grants are pinned {pins} times, by {table.Mappings.Count} mappings");
        }

        Reach(pins == 0 ? "no pins" : "pins and mappings agree");
    }
}
