namespace XenActors.Simulation;

/// <summary>The fixed part of a simulation: its logical processes and the links between them.</summary>
public sealed class SimulatorBuilder(ulong seed)
{
    private readonly List<(string Name, int Vcpus)> _processes = [("outside", 1)];
    private readonly SortedDictionary<string, int> _byName = new(StringComparer.Ordinal) { ["outside"] = 0 };
    private readonly SortedDictionary<(int From, int To), VirtualDuration> _links = [];

    public ulong Seed { get; } = seed;

    /// <summary>The world outside, as far as this simulation may touch it.</summary>
    public PortTable Ports { get; } = new();

    public EngineOptions Engine { get; set; } = EngineOptions.Sequential;

    /// <summary>The latency between processes without a link of their own; zero means that they have none.</summary>
    public VirtualDuration DefaultLatency { get; set; }

    /// <summary>Adds a logical process; its name seeds its random stream.</summary>
    public int AddProcess(string name, int vcpus = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vcpus);
        if (_processes.Count > Event.ProcessesMax)
        {
            throw new SimulationException($"more than {Event.ProcessesMax} logical processes");
        }

        if (!_byName.TryAdd(name, _processes.Count))
        {
            throw new SimulationException($"a second logical process named {name}");
        }

        _processes.Add((name, vcpus));
        return _processes.Count - 1;
    }

    /// <summary>One direction; the latency is its lookahead and must be positive.</summary>
    public void AddLink(int from, int to, VirtualDuration latency)
    {
        if (from <= 0 || from >= _processes.Count || to <= 0 || to >= _processes.Count || from == to)
        {
            throw new SimulationException($"no link can lead from process {from} to process {to}: there are 1 to {_processes.Count - 1}");
        }

        if (latency <= VirtualDuration.Zero)
        {
            throw new SimulationException($"the link from {_processes[from].Name} to {_processes[to].Name} needs a positive latency");
        }

        _links[(from, to)] = latency;
    }

    /// <summary>Both directions.</summary>
    public void AddLinks(int a, int b, VirtualDuration latency)
    {
        AddLink(a, b, latency);
        AddLink(b, a, latency);
    }

    public Simulator Build()
    {
        var processes = new LogicalProcess[_processes.Count];
        for (var i = 0; i < processes.Length; i++)
        {
            var (name, vcpus) = _processes[i];
            processes[i].Random = new RandomStream(Seed, name);
            processes[i].History = StableHash.Of(name);
            processes[i].Details = new ProcessDetails(name, vcpus);
        }

        foreach (var group in _links.GroupBy(l => l.Key.From))
        {
            processes[group.Key].Details.Links = [.. group.Select(l => new Link(l.Key.To, l.Value.Nanoseconds))];
        }

        return new Simulator(this, processes, Lookahead(), _links.Count > 0);
    }

    private long Lookahead()
    {
        var least = DefaultLatency.Nanoseconds > 0 ? DefaultLatency.Nanoseconds : long.MaxValue;
        foreach (var latency in _links.Values)
        {
            least = Math.Min(least, latency.Nanoseconds);
        }

        // A single process can use any window; a millisecond keeps the ring busy.
        return least == long.MaxValue ? 1_000_000 : least;
    }
}
