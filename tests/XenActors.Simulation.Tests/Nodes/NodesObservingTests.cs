using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Nodes;

/// <summary>What an experiment sees of a run, and does to it between runs, on several nodes and on one thread.</summary>
public sealed class NodesObservingTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Every_node_sees_and_counts_what_one_thread_does_and_breaks_at_the_same_moment(int nodes, int partitions)
    {
        var one = Watched(RichRun.Build(4, EngineOptions.Sequential));
        Assert.NotEmpty(one.Seen);
        Assert.True(one.BrokeAt > VirtualTime.Zero && one.BrokeAt < one.LetterAt);
        foreach (var node in ThreadNodes.Run(nodes, n => Watched(RichRun.Build(4, Engine(n, partitions)))))
        {
            Assert.Equal(one.Seen, node.Seen);
            Assert.Equal(one.Counts, node.Counts);
            Assert.Equal((one.BrokeAt, one.LetterAt, one.Fingerprint), (node.BrokeAt, node.LetterAt, node.Fingerprint));
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void States_are_read_and_actors_spawned_between_short_runs_as_on_one_thread(int nodes, int partitions)
    {
        var one = Sliced(RichRun.Build(6, EngineOptions.Sequential));
        foreach (var node in ThreadNodes.Run(nodes, n => Sliced(RichRun.Build(6, Engine(n, partitions)))))
        {
            Assert.Equal(one.States, node.States);
            Assert.Equal(one.Fingerprint, node.Fingerprint);
            Assert.Equal(one.Snapshot, node.Snapshot);
        }
    }

    // The letters are those of all processes: none of the nodes has as many itself.
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void The_nth_message_is_counted_over_all_nodes(int nodes, int partitions)
    {
        var one = Counted(RichRun.Build(4, EngineOptions.Sequential));
        Assert.NotEqual(one.Fifth, one.Fiftieth);
        Assert.Equal(one, Counted(RichRun.Build(4, EngineOptions.Threads(2))));
        Assert.All(ThreadNodes.Run(nodes, n => Counted(RichRun.Build(4, Engine(n, partitions)))), node => Assert.Equal(one, node));
    }

    [Fact]
    public void Only_what_has_changed_is_brought_to_other_nodes()
    {
        var bytes = ThreadNodes.Run(2, node =>
        {
            var simulator = RichRun.Build(6, Engine(node, 1));
            simulator.MirrorsAfterRuns = true;
            simulator.RunUntil(new VirtualTime(15_000));
            var first = node.Gathered;
            simulator.RunUntil(new VirtualTime(15_001));
            var quiet = node.Gathered - first;
            simulator.Mirror();
            return (quiet, Whole: node.Gathered - first - quiet);
        });
        Assert.All(bytes, b => Assert.True(b.quiet * 4 < b.Whole, $"{b.quiet} bytes for a moment in which little happens, {b.Whole} for all"));
    }

    [Fact]
    public void An_observer_of_what_cannot_cross_is_refused()
    {
        var messages = ThreadNodes.Run(2, node =>
            Assert.Throws<SimulationException>(() => RichRun.Build(1, Engine(node, 1)).Observe(new RuleEyes())).Message);
        Assert.All(messages, m => Assert.Equal("an observer of RuleActed, which has no codec, sees one node's processes only: not possible on several nodes", m));
    }

    private static (List<string> Seen, SortedDictionary<string, long> Counts, VirtualTime BrokeAt, VirtualTime LetterAt, Fingerprint Fingerprint) Watched(Simulator simulator)
    {
        var eyes = new Eyes();
        simulator.Observe<Letter>(eyes);
        simulator.Observe<Parcel>(eyes);
        simulator.CountMessages();
        var ping = simulator.BreakOn<Ping>(static (at, _) => at.Time.Nanoseconds > 100_000 && at.Actor.Process == 5);
        simulator.Run();
        var brokeAt = simulator.Now;
        Assert.True(ping.Hit);
        ping.Remove();
        var letter = simulator.BreakOnMessage(static (at, type) => at.Time.Nanoseconds > 300_000 && at.Actor.Process == 1 && type.Type == typeof(Letter));
        simulator.Run();
        Assert.True(letter.Hit);
        Assert.True(letter.At < simulator.Now);
        return (eyes.Seen, simulator.MessageCounts(), brokeAt, simulator.Now, simulator.Fingerprint);
    }

    private static (VirtualTime Fifth, VirtualTime Fiftieth, long Handled) Counted(Simulator simulator)
    {
        var fifth = simulator.BreakOnMessage(static (_, type) => type.Type == typeof(Letter), 5);
        var fiftieth = simulator.BreakOnMessage(static (_, type) => type.Type == typeof(Letter), 50);
        simulator.Run();
        var first = simulator.Now;
        Assert.Equal((true, false), (fifth.Hit, fiftieth.Hit));
        fifth.Remove();
        simulator.Run();
        Assert.True(fiftieth.Hit);
        return (first, simulator.Now, simulator.EventsHandled);
    }

    private static (List<string> States, Fingerprint Fingerprint, byte[] Snapshot) Sliced(Simulator simulator)
    {
        simulator.MirrorsAfterRuns = true;
        var states = new List<string>();
        var workers = new List<ActorRef>();
        for (var slice = 1; slice <= 20; slice++)
        {
            simulator.RunUntil(new VirtualTime(slice * 15_000));
            for (var process = 1; process <= RichRun.Processes; process++)
            {
                var hub = simulator.StateOf<HubState>(new(process, 1));
                states.Add($"{slice} {process} {hub?.BeatsLeft} {hub?.Sum} {hub?.Kids.Count} {string.Join(' ', simulator.ActorsOf(process))} {simulator.FingerprintOf(process)} {simulator.NextEventTime}");
            }

            if (slice == 1)
            {
                // What these know at their end, whichever node they end on.
                workers.AddRange(Enumerable.Range(1, RichRun.Processes).SelectMany(p => simulator.StateOf<HubState>(new(p, 1))!.Kids).Where(simulator.IsAlive));
                workers.ForEach(simulator.Remember);
            }

            states.AddRange(workers.Select(w => $"{slice} {w} {simulator.IsAlive(w)} {simulator.LastStateOf<WorkerState>(w)!.Handled}"));
            if (slice % 7 == 0)
            {
                var late = simulator.Spawn<Hub, HubState>((slice % RichRun.Processes) + 1, $"late{slice}", new HubState { Processes = RichRun.Processes, BeatsLeft = 20 });
                simulator.Tell(late, new Nudge(slice));
                states.Add($"{late} {simulator.PathOf(late)}");
            }
        }

        Assert.Contains(workers, w => !simulator.IsAlive(w) && simulator.LastStateOf<WorkerState>(w)!.Handled > 0);
        simulator.Mirror();
        return (states, simulator.Fingerprint, simulator.Snapshot());
    }

    private static EngineOptions Engine(INodes node, int partitions) => EngineOptions.Nodes(node, new TypeCatalog(typeof(RichRun).Assembly), "b", "s", partitions);

    private sealed class Eyes : IObserve<Letter>, IObserve<Parcel>
    {
        public List<string> Seen { get; } = [];

        public void On(in Observed at, in Letter what) => Seen.Add($"{at} {what.From} {what.Note} {string.Join(',', what.Numbers)}");

        public void On(in Observed at, in Parcel what) => Seen.Add($"{at} {what.Label} {Convert.ToHexString(what.Content)} {what.Hops}");
    }

    private sealed class RuleEyes : IObserve<RuleActed>
    {
        public void On(in Observed at, in RuleActed what) => Assert.Fail("it was refused");
    }
}
