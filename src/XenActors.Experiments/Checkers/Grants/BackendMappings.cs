using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Back;

namespace XenActors.Experiments.Checkers.Grants;

/// <summary>
/// What block backends have mapped by the hypervisor's word, against what they know of: rings and persistent grants, where no request is in flight. A page that
/// is mapped and that nobody knows of is never given back.
/// </summary>
internal sealed class BackendMappings : IObserve<GrantMapped>, IObserve<GrantUnmapped>
{
    private readonly Dictionary<(ushort Owner, uint Handle), ActorRef> _askers = [];
    private readonly Dictionary<ActorRef, Backend> _backends = [];

    // In the order in which they came.
    private readonly List<Backend> _all = [];

    public void Attach(CheckedRun run)
    {
        run.Observe<GrantMapped>(this);
        run.Observe<GrantUnmapped>(this);
    }

    public void On(in Observed at, in GrantMapped what)
    {
        if (what.By != 0)
        {
            return;
        }

        if (!_backends.TryGetValue(what.Asker, out var backend))
        {
            _backends.Add(what.Asker, backend = new() { Actor = what.Asker, Owner = what.Owner });
            _all.Add(backend);
        }

        if (_askers.TryAdd((what.Owner, what.Handle), what.Asker))
        {
            backend.Mapped++;
        }
    }

    public void On(in Observed at, in GrantUnmapped what)
    {
        if (what.By == 0 && _askers.Remove((what.Owner, what.Handle), out var asker))
        {
            _backends[asker].Mapped--;
        }
    }

    /// <summary>
    /// To be called once in a while: backends that have had more mapped than they know of at this look and at the one before. What is on its way between a backend
    /// and the hypervisor is there in a few microseconds.
    /// </summary>
    public IEnumerable<(ushort Owner, int Unknown)> Look(CheckedRun run)
    {
        foreach (var backend in _all)
        {
            var before = backend.Unknown;
            backend.Unknown = run.Simulator.StateOf<BlkbackState>(backend.Actor) is { } state ? Unknown(state, backend.Mapped) : 0;
            if (before > 0 && backend.Unknown > 0 && !backend.Told && GuestLives.Runs(run.Machine, backend.Owner) && !run.Leaking.Names(backend.Owner))
            {
                backend.Told = true;
                yield return (backend.Owner, backend.Unknown);
            }
        }
    }

    // None while it works: what is being mapped for a request is its own.
    private static int Unknown(BlkbackState state, int mapped)
    {
        foreach (var ring in state.Rings)
        {
            if (ring.InFlight > 0 || ring.Ring is null)
            {
                return 0;
            }

            mapped -= ring.RingHandles.Count + ring.Persistent.Count;
        }

        return mapped;
    }

    private sealed class Backend
    {
        public required ActorRef Actor { get; init; }

        public required ushort Owner { get; init; }

        public int Mapped { get; set; }

        public int Unknown { get; set; }

        public bool Told { get; set; }
    }
}
