namespace XenActors.Simulation;

/// <summary>
/// A simulation: logical processes with their actors, and the virtual time that they have reached. One seed gives one history, on
/// every engine. Not for use by two threads at once.
/// </summary>
public sealed partial class Simulator
{
    /// <summary>The logical process that stands for the world outside; what is told from there has no sender.</summary>
    internal const int Outside = 0;

    private readonly LogicalProcess[] _processes;
    private readonly Partition[] _partitions;
    private readonly bool _anyLinks;
    private readonly List<ITraceSink> _sinks = [];
    private bool _halfRestored;

    internal Simulator(SimulatorBuilder builder, LogicalProcess[] processes, long lookahead, bool anyLinks)
    {
        Seed = builder.Seed;
        DefaultLatency = builder.DefaultLatency.Nanoseconds;
        Lookahead = new VirtualDuration(lookahead);
        Ports = builder.Ports;
        Engine = builder.Engine.Create();
        _processes = processes;
        _anyLinks = anyLinks;
        Owners = Place(builder.Engine.Placement);
        _partitions = new Partition[Engine.Partitions];
        for (var i = 0; i < _partitions.Length; i++)
        {
            _partitions[i] = new Partition(this, i, processes, lookahead) { AnyLinks = anyLinks };
        }

        GreetNodes(builder.Engine);
    }

    public ulong Seed { get; }

    /// <summary>Everything before this moment has happened.</summary>
    public VirtualTime Now { get; private set; }

    /// <summary>The least latency between two processes: the longest window that needs no exchange.</summary>
    public VirtualDuration Lookahead { get; }

    /// <summary>When the last message was handled.</summary>
    public VirtualTime LastEventTime => new(_partitions.Max(p => p.LastEventTime));

    public long EventsHandled
    {
        get
        {
            var sum = 0L;
            foreach (var partition in _partitions)
            {
                sum += partition.Handled;
            }

            return sum;
        }
    }

    public long WindowsRun => _partitions.Max(p => p.Windows);

    /// <summary>When the next pending message arrives; <see cref="VirtualTime.Never"/> when nothing is pending.</summary>
    public VirtualTime NextEventTime
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var partition in _partitions)
            {
                earliest = Math.Min(earliest, partition.EarliestTime);
            }

            return new(earliest);
        }
    }

    public bool Idle => _partitions.All(p => p.Pending == 0);

    public long DeadLetters => _partitions.Sum(DeadLettersOf);

    // Without order: addition modulo 2^64.
    public Fingerprint Fingerprint => new(_partitions.Aggregate(0UL, (sum, partition) => unchecked(sum + FingerprintOf(partition))));

    /// <summary>One process's part of <see cref="Fingerprint"/>, for finding out where two histories part.</summary>
    public Fingerprint FingerprintOf(int process)
    {
        ref readonly var known = ref _processes[Seen(process)];
        return new(unchecked(StableHash.Mix(known.History ^ known.Sends)));
    }

    internal PortTable Ports { get; }

    internal IEngine Engine { get; }

    internal int[] Owners { get; }

    internal long DefaultLatency { get; }

    public IReadOnlyList<string> ProcessNames => [.. _processes.Select(p => p.Details.Name)];

    /// <summary>What a process's actors have worked on its vCPUs so far (<see cref="ActorContext.Work"/>).</summary>
    public VirtualDuration WorkDone(int process) => new(_processes[Seen(process)].Details.WorkDone);

    /// <summary>The names of a process's living top-level actors, in the order of their places.</summary>
    public IReadOnlyList<string> ActorsOf(int process) =>
        [.. _processes[Seen(process)].Actors.Where(a => a is not null && a.Cell.Parent == 0).Select(a => a!.Cell.Name)];

    /// <summary>
    /// A process that handles more messages than this without time going on, to the length of a window (<see cref="Lookahead"/>), fails: two actors that
    /// answer each other at once would never end. The same on every engine. Without limit unless told.
    /// </summary>
    public long BurstMax
    {
        get => _partitions[0].BurstMax;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            foreach (var partition in _partitions)
            {
                partition.BurstMax = value;
            }
        }
    }

    /// <summary>A top-level actor in a process. It starts at <see cref="Now"/>.</summary>
    public ActorRef Spawn<TActor, TState>(int process, string name, TState state)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState> =>
        PartitionOf(Seen(process)).SpawnTop<TActor, TState>(process, name, state, Now.Nanoseconds);

    /// <summary>A message from outside, arriving at <see cref="Now"/>.</summary>
    public void Tell<T>(ActorRef to, in T message)
        where T : ICodec<T> => PartitionOf(Known(to.Process)).Inject(to, in message, Now.Nanoseconds);

    /// <summary>A message from outside, arriving at this later moment.</summary>
    public void TellAt<T>(VirtualTime time, ActorRef to, in T message)
        where T : ICodec<T>
    {
        if (time < Now)
        {
            throw new SimulationException($"{time} is before {Now}");
        }

        PartitionOf(Known(to.Process)).Inject(to, in message, time.Nanoseconds);
    }

    /// <summary>Runs until nothing is pending or an actor stops the simulation.</summary>
    public void Run() => RunUntil(VirtualTime.Never);

    public void RunFor(VirtualDuration duration) =>
        RunUntil(duration >= VirtualTime.Never - Now ? VirtualTime.Never : Now + duration);

    /// <summary>Handles everything before <paramref name="limit"/>.</summary>
    /// <exception cref="SimulationException">An actor failed and no parent decided otherwise.</exception>
    public void RunUntil(VirtualTime limit)
    {
        if (limit < Now)
        {
            throw new SimulationException($"{limit} is before {Now}");
        }

        if (_halfRestored)
        {
            throw new SimulationException("a restore has failed half-way; only another restore can follow");
        }

        foreach (var partition in _partitions)
        {
            partition.Prepare(limit.Nanoseconds);
        }

        BeginOnNodes(limit);
        Engine.Run(_partitions);
        EndOnNodes();
        if (_wanted.Count > 0)
        {
            FlushTaps();
        }

        FlushTrace();

        var stopped = false;
        foreach (var partition in _partitions)
        {
            stopped |= partition.StopRequested;
            if (partition.Failure is not null)
            {
                ThrowFailure();
            }
        }

        Now = stopped || limit == VirtualTime.Never ? new(Math.Max(Now.Nanoseconds, Home.WindowEnd)) : limit;
    }

    /// <summary>The actor's state, to be read between runs; null when it has stopped or remembers something else.</summary>
    public TState? StateOf<TState>(ActorRef actor)
        where TState : class, ICodec<TState> => (ActorAt(actor) as Actor<TState>)?.State;

    public bool IsAlive(ActorRef actor) => ActorAt(actor) is not null;

    /// <summary>An actor by its path, as <c>dom0/xenstored</c>; <see cref="ActorRef.None"/> when there is none.</summary>
    public ActorRef Find(string path)
    {
        for (var process = 0; process < _processes.Length; process++)
        {
            if (path.StartsWith(_processes[process].Details.Name + "/", StringComparison.Ordinal))
            {
                for (var local = 1; local < _processes[Seen(process)].Details.ActorCount; local++)
                {
                    if (_processes[process].Actors[local] is not null && PathOf(new(process, local)) == path)
                    {
                        return new(process, local);
                    }
                }
            }
        }

        return ActorRef.None;
    }

    /// <summary>The living actors whose paths fit a pattern (see <see cref="InstallOnPath"/>), in the order in which they were spawned.</summary>
    public IReadOnlyList<ActorRef> FindAll(string pattern)
    {
        var paths = new PathPattern(pattern);
        var process = ProcessOf(paths);
        var found = new List<ActorRef>();
        for (var local = 1; process >= 0 && local < _processes[Seen(process)].Details.ActorCount; local++)
        {
            if (_processes[process].Actors[local] is not null && paths.Matches(PathOf(new(process, local))))
            {
                found.Add(new(process, local));
            }
        }

        return found;
    }

    // -1 for none. Of two names that it begins with, the longer one is meant.
    private int ProcessOf(PathPattern paths) => Enumerable.Range(0, _processes.Length).Where(p => paths.IsOf(_processes[p].Details.Name))
        .DefaultIfEmpty(-1).MaxBy(p => p < 0 ? -1 : _processes[p].Details.Name.Length);

    public string PathOf(ActorRef actor) => PartitionOf(Seen(actor.Process)).PathOf(actor.Process, actor.Local);

    /// <summary>Every message handled from now on goes to the sink, in an order that no engine changes.</summary>
    public void TraceTo(ITraceSink? sink)
    {
        _sinks.Clear();
        foreach (var partition in _partitions)
        {
            partition.Trace = null;
        }

        if (sink is not null)
        {
            AlsoTraceTo(sink);
        }
    }

    /// <summary>The same to one more sink.</summary>
    public void AlsoTraceTo(ITraceSink sink)
    {
        RefuseOnNodes("a trace");
        _sinks.Add(sink);
        foreach (var partition in _partitions)
        {
            partition.Trace ??= new TraceBuffer(partition);
        }
    }

    /// <summary>Installs a fault rule on one direction between two processes.</summary>
    public void InstallOnLink(int from, int to, FaultRule rule)
    {
        if (!_anyLinks || Partition.FindLink(_processes[from].Details.Links, to) is not { } link)
        {
            throw new SimulationException($"no link of its own from {_processes[from].Details.Name} to {_processes[to].Details.Name}");
        }

        link.Rules ??= [];
        Claim(rule, from, $"{_processes[from].Details.Name}>{_processes[to].Details.Name}#{link.Rules.Count}");
        rule.LinkLatency = link.Latency;
        _processes[from].Details.Rules.Add(rule);
        link.Rules.Add(rule);
        foreach (var partition in _partitions)
        {
            partition.AnyLinkRules = true;
        }
    }

    /// <summary>Installs a fault rule on what arrives at an actor.</summary>
    public void InstallOnActor(ActorRef actor, FaultRule rule)
    {
        var cell = ActorAt(actor)?.Cell ?? throw new SimulationException($"no actor {actor}");
        var rules = _processes[actor.Process].Details.Rules;
        Claim(rule, actor.Process, $"{PathOf(actor)}#{rules.OnActor(actor.Local).Count}");
        rules.AddToActor(actor.Local, rule);
        cell.Rules = rules.For(actor.Local, PathOf(actor));
        AskAtActors();
    }

    /// <summary>
    /// Installs a fault rule on what arrives at the actors of one process whose paths fit a pattern: those that are there, and those that
    /// are still to be spawned. The pattern is the process's name, then names in which <c>*</c> stands for any run of characters; <c>**</c>
    /// at the end stands for any number of names, none included: <c>dom0/xenbus/vbd-*</c>, <c>dom1/xenbus/**</c>.
    /// </summary>
    public void InstallOnPath(string pattern, FaultRule rule)
    {
        var paths = new PathPattern(pattern);
        var process = ProcessOf(paths);
        var rules = process >= 0 ? _processes[process].Details.Rules : throw new SimulationException($"there is no logical process {paths.Process}");
        Claim(rule, process, $"{pattern}#{rules.OnPaths.Count()}");
        rules.AddToPath(paths, rule);
        for (var local = 1; local < _processes[Seen(process)].Details.ActorCount; local++)
        {
            if (_processes[process].Actors[local] is { } actor)
            {
                actor.Cell.Rules = rules.For(local, PathOf(new(process, local)));
            }
        }

        AskAtActors();
    }

    /// <summary>The rule is asked no more, and what it has held goes on.</summary>
    public static void Heal(FaultRule rule)
    {
        rule.Home?.Seen(rule.Process);
        rule.Healed = true;
        rule.Home?.PartitionOf(rule.Process).ReleaseNow(rule, rule.Home.Now.Nanoseconds);
    }

    internal void FlushTrace()
    {
        if (_sinks.Count > 0)
        {
            TraceBuffer.Flush(_partitions, this, _sinks);
        }
    }

    private void ThrowFailure()
    {
        var failure = _partitions.Where(p => p.Failure is not null).MinBy(p => p.FailedAt)!.Failure!;
        throw new SimulationException(failure.Message, failure) { OnAllNodes = true };
    }

    private void Claim(FaultRule rule, int process, string place)
    {
        if (rule.Home is not null)
        {
            throw new SimulationException($"fault rule {rule.Name} is installed already");
        }

        (rule.Home, rule.Process) = (this, process);
        rule.Stream = new RandomStream(Seed, $"{place}#{rule.Name}");
    }

    private void AskAtActors()
    {
        foreach (var partition in _partitions)
        {
            partition.AnyActorRules = true;
        }
    }

    private int Known(int process) => process >= 0 && process < _processes.Length
        ? process
        : throw new SimulationException($"there is no logical process {process}");

    private Actor? ActorAt(ActorRef actor)
    {
        var actors = _processes[Seen(actor.Process)].Actors;
        var found = actor.Local < actors.Length ? actors[actor.Local] : null;
        if (found?.Cell.Brought is { } bytes)
        {
            var reader = new CodecReader(bytes);
            found.DecodeState(ref reader);
            found.Cell.Brought = null;
        }

        return found;
    }

    internal MessagePools BodiesOf(int process) => PartitionOf(process).Bodies;

    private Partition PartitionOf(int process) => _partitions[Owners[process]];
}
