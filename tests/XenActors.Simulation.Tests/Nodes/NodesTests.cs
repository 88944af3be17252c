using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Nodes;

public sealed class NodesTests
{
    private static TypeCatalog PholdTypes => new(typeof(PholdActor).Assembly);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(1, 2)]
    public void Phold_has_one_history_on_any_number_of_nodes(int nodes, int partitions)
    {
        var one = Phold.Build(Runs.SmallPhold, EngineOptions.Sequential);
        one.RunUntil(new VirtualTime(1_000_000));
        var runs = ThreadNodes.Run(nodes, node =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(node, PholdTypes, partitions));
            simulator.RunUntil(new VirtualTime(1_000_000));
            return (simulator.Fingerprint, simulator.EventsHandled, simulator.LastEventTime, simulator.NextEventTime, simulator.Now, Crossed: node.Sent > 0);
        });
        Assert.All(runs, r => Assert.Equal((one.Fingerprint, one.EventsHandled, one.LastEventTime, one.NextEventTime, one.Now, nodes > 1), r));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void All_that_the_runtime_offers_has_one_history_and_mirrors_to_one_snapshot(int nodes, int partitions)
    {
        var one = RichRun.Build(3, EngineOptions.Sequential);
        one.RunUntil(new VirtualTime(150_000));
        var half = one.Snapshot();
        one.Run();
        var end = one.Snapshot();
        var runs = ThreadNodes.Run(nodes, node =>
        {
            var simulator = RichRun.Build(3, Engine(node, new TypeCatalog(typeof(RichRun).Assembly), partitions));
            simulator.RunUntil(new VirtualTime(150_000));
            simulator.Mirror();
            var middle = simulator.Snapshot();
            simulator.Run();
            var told = simulator.Fingerprint;
            simulator.Mirror();
            return (told, simulator.Fingerprint, simulator.DeadLetters, Middle: middle, End: simulator.Snapshot());
        });
        foreach (var run in runs)
        {
            Assert.Equal((one.Fingerprint, one.Fingerprint, one.DeadLetters), (run.told, run.Fingerprint, run.DeadLetters));
            Assert.Equal(half, run.Middle);
            Assert.Equal(end, run.End);
        }
    }

    [Theory]
    [InlineData(3, 1, 2, 1)]
    [InlineData(2, 2, 3, 1)]
    public void Parts_of_a_snapshot_are_continued_on_another_number_of_nodes(int nodes, int partitions, int nodesLater, int partitionsLater)
    {
        var one = RichRun.Build(3, EngineOptions.Sequential);
        one.RunUntil(new VirtualTime(150_000));
        var half = one.SnapshotParts();
        one.Run();
        var parts = ThreadNodes.Run(nodes, node =>
        {
            var simulator = RichRun.Build(3, Engine(node, new TypeCatalog(typeof(RichRun).Assembly), partitions));
            simulator.RunUntil(new VirtualTime(150_000));
            simulator.Mirror();
            return simulator.SnapshotParts();
        });
        Assert.All(parts, p => Assert.Equal(half.SelectMany(h => h.Bytes), p.SelectMany(h => h.Bytes)));
        var ends = ThreadNodes.Run(nodesLater, node =>
        {
            var simulator = RichRun.Build(3, Engine(node, new TypeCatalog(typeof(RichRun).Assembly), partitionsLater));
            simulator.Restore(parts[0], new TypeCatalog(typeof(RichRun).Assembly));
            var resumed = simulator.Now;
            simulator.Run();
            return (resumed, simulator.Fingerprint, simulator.EventsHandled, simulator.LastEventTime, simulator.Now);
        });
        Assert.All(ends, e => Assert.Equal((new VirtualTime(150_000), one.Fingerprint, one.EventsHandled, one.LastEventTime, one.Now), e));
        Assert.Throws<CodecException>(() => one.Restore([.. half.Skip(1)], new TypeCatalog(typeof(RichRun).Assembly)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void Every_node_knows_what_each_partition_has_done(int nodes, int partitions)
    {
        var one = Phold.Build(Runs.SmallPhold, EngineOptions.Sequential);
        one.RunUntil(new VirtualTime(1_000_000));
        var runs = ThreadNodes.Run(nodes, node =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(node, PholdTypes, partitions) with { Measured = true });
            simulator.RunUntil(new VirtualTime(600_000));
            simulator.RunUntil(new VirtualTime(1_000_000));
            return simulator.Statistics;
        });
        Assert.All(runs, r => Assert.Equal(runs[0], r));
        Assert.Equal(one.EventsHandled, runs[0].Sum(p => p.Events));
        Assert.Equal(Enumerable.Range(0, nodes * partitions).Select(i => (i, i / partitions)), runs[0].Select(p => (p.Partition, p.Node)));
        Assert.All(runs[0], p => Assert.True(
            p.Windows == runs[0][0].Windows && p.Busy <= p.Windows && p.Busy > 0 && p.Crossed > 0 && p.Exchanging > TimeSpan.Zero && p.Exchanging < p.Running, $"{p}"));
    }

    [Fact]
    public void What_another_node_runs_is_not_read_before_it_is_mirrored()
    {
        var refusals = ThreadNodes.Run(2, node =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(node, PholdTypes));
            simulator.RunUntil(new VirtualTime(500_000));
            var far = new ActorRef(node.Self == 0 ? 24 : 1, 1);
            var refusal = Assert.Throws<SimulationException>(() => simulator.StateOf<PholdState>(far)).Message;
            Assert.Throws<SimulationException>(simulator.Snapshot);
            simulator.Mirror();
            return (refusal, Handled: simulator.StateOf<PholdState>(far)!.Handled);
        });
        Assert.Equal("lp23 runs on node 1: its state is not known here until it is mirrored", refusals[0].refusal);
        Assert.Equal("lp0 runs on node 0: its state is not known here until it is mirrored", refusals[1].refusal);
        Assert.All(refusals, r => Assert.True(r.Handled > 0));
    }

    [Fact]
    public void Nodes_that_differ_refuse_each_other_with_a_line()
    {
        AssertRefused("node 1 cannot run with node 0: it has another build (b1, not b0)", n => Phold.Build(Runs.SmallPhold, EngineOptions.Nodes(n, PholdTypes, $"b{n.Self}", "s")));
        AssertRefused("node 1 cannot run with node 0: it runs another scenario (s1, not s0)", n => Phold.Build(Runs.SmallPhold, EngineOptions.Nodes(n, PholdTypes, "b", $"s{n.Self}")));
        AssertRefused("node 1 cannot run with node 0: it runs seed 2, not 1", n => Phold.Build(Runs.SmallPhold with { Seed = 1 + (ulong)n.Self }, Engine(n, PholdTypes)));
        AssertRefused("node 1 cannot run with node 0: it has other logical processes or links", n => Phold.Build(Runs.SmallPhold with { Processes = 24 + n.Self }, Engine(n, PholdTypes)));
    }

    [Fact]
    public void Experiments_that_part_are_told_before_they_run()
    {
        AssertRefused("node 1 cannot run with node 0: it has spawned or told other things before the first run", n =>
        {
            var simulator = Phold.Build(Runs.SmallPhold with { Population = 4 + n.Self }, Engine(n, PholdTypes));
            simulator.Run();
            return simulator;
        });
        AssertRefused("node 1 cannot run with node 0: it is to run until 0.000500100, not 0.000500000", n =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(n, PholdTypes));
            simulator.RunUntil(new VirtualTime(500_000 + (n.Self * 100)));
            return simulator;
        });
    }

    [Fact]
    public void A_damaged_batch_ends_the_run_on_all_nodes()
    {
        var caught = Assert.Throws<AggregateException>(() => ThreadNodes.Run(2, node =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(node, PholdTypes));
            if (node.Self == 1)
            {
                // One byte less than its length says.
                node.OnSend = static batches =>
                {
                    var whole = batches[0].ToArray();
                    batches[0].Clear();
                    whole.AsSpan(0, Math.Max(0, whole.Length - 1)).CopyTo(batches[0].Extend(Math.Max(0, whole.Length - 1)));
                };
            }

            simulator.RunUntil(new VirtualTime(500_000));
            return simulator;
        }));
        Assert.Equal(2, caught.InnerExceptions.Count);
        Assert.All(caught.InnerExceptions, e => Assert.StartsWith("node 1 has sent what cannot be read: ", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_trace_is_refused_rather_than_told_a_part()
    {
        var messages = ThreadNodes.Run(2, node =>
        {
            var simulator = Phold.Build(Runs.SmallPhold, Engine(node, PholdTypes));
            return Assert.Throws<SimulationException>(() => simulator.TraceTo(new TraceLog())).Message;
        });
        Assert.All(messages, m => Assert.Equal("a trace sees one node's processes only: not possible on several nodes", m));
    }

    private static EngineOptions Engine(INodes node, TypeCatalog types, int partitions = 1) => EngineOptions.Nodes(node, types, "b", "s", partitions);

    private static void AssertRefused(string message, Func<ThreadNodes, Simulator> part)
    {
        var caught = Assert.Throws<AggregateException>(() => ThreadNodes.Run(2, part));
        Assert.Equal(2, caught.InnerExceptions.Count);
        Assert.All(caught.InnerExceptions, e => Assert.Equal(message, e.Message));
        Assert.All(caught.InnerExceptions, e => Assert.True(((SimulationException)e).OnAllNodes));
    }
}
