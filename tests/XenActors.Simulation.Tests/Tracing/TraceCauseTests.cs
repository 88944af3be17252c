using XenActors.Simulation;
using XenActors.Tests.Simulation.Actors;

namespace XenActors.Tests.Simulation.Tracing;

public sealed class TraceCauseTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Records_say_the_same_on_every_engine(int partitions)
    {
        var (_, sequential) = Runs.Rich(11);
        var (_, threads) = Runs.Rich(11, partitions);
        Assert.True(sequential.Records.Count > 1000, $"{sequential.Records.Count} records");
        Assert.Equal(sequential.Records, threads.Records);
    }

    [Fact]
    public void Every_message_from_an_actor_was_sent_while_one_record_of_its_sender_was_handled()
    {
        var (_, log) = Runs.Rich(12);
        var senders = new SortedDictionary<ulong, TraceRecord>();
        foreach (var record in log.Records)
        {
            for (var i = 0; i < record.SentCount; i++)
            {
                senders.Add(record.SentFirst + (ulong)i, record);
            }
        }

        var inside = log.Records.Where(r => r.Sender != "outside").ToList();
        Assert.True(inside.Count > 1000, $"{inside.Count} records");
        foreach (var record in inside)
        {
            Assert.True(senders.TryGetValue(record.Number, out var cause), $"nobody has sent {record}");
            Assert.True(record.IsSentBy(in cause));
            Assert.True(cause.Time <= record.Time, $"{cause} after {record}");
            Assert.True(record.Began >= record.Time && record.Ended >= record.Began && record.Work >= VirtualDuration.Zero, $"{record}");
        }
    }

    [Fact]
    public void A_record_spans_the_work_and_the_wait_for_a_vcpu()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var a = simulator.Spawn<Labourer, LogState>(process, "a", new LogState { To = log });
        var b = simulator.Spawn<Labourer, LogState>(process, "b", new LogState { To = log });
        var trace = simulator.Traced();
        simulator.Tell(a, new Job(1, new(100)));
        simulator.TellAt(new VirtualTime(10), b, new Job(2, new(30)));
        simulator.TellAt(new VirtualTime(20), a, new Job(3, new(5)));
        simulator.TellAt(new VirtualTime(500), a, new PoisonPill());
        simulator.TellAt(new VirtualTime(600), a, new Job(4, new(1)));
        simulator.Run();
        Assert.Equal(
            ["1: 0-100 work 100", "2: 10-130 work 30", "3: 100-135 work 5", "4: 600-600 work 0 dead"],
            trace.Records.Where(r => r.Message.EndsWith(".Job", StringComparison.Ordinal)).Select(r => string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{r.Text.Split("Number = ")[1][0]}: {r.Began.Nanoseconds}-{r.Ended.Nanoseconds} work {r.Work.Nanoseconds}{(r.Dead ? " dead" : "")}")));
    }

    [Fact]
    public void Two_sinks_are_told_the_same_and_nothing_changes()
    {
        var (plain, _) = Runs.Rich(13);
        var simulator = Workload.RichRun.Build(13, EngineOptions.Sequential, 400);
        var first = simulator.Traced();
        var second = new TraceLog();
        simulator.AlsoTraceTo(second);
        simulator.Run();
        Assert.Equal(first.Records, second.Records);
        Assert.Equal(plain.Fingerprint, simulator.Fingerprint);
    }
}
