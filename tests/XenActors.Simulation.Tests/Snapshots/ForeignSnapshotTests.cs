using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Snapshots;

public sealed class ForeignSnapshotTests
{
    [Fact]
    public void Another_seed_is_refused() => Refused(Build(), Build(seed: 2), "the snapshot's seed is 1, not 2");

    [Fact]
    public void Another_number_of_processes_is_refused() =>
        Refused(Build(), Build(second: null), "the snapshot has 3 processes, not 2");

    [Fact]
    public void Another_process_name_is_refused() =>
        Refused(Build(), Build(second: "c"), "the snapshot has a process b where this simulation has c");

    [Fact]
    public void Another_number_of_vcpus_is_refused() => Refused(Build(), Build(vcpus: 4), "process a has another number of vCPUs");

    [Fact]
    public void Other_links_are_refused()
    {
        Refused(Build(), Build(latency: 6), "process a has other links");
        Refused(Build(), Build(fallback: 9), "the snapshot's default latency is 8 ns, not 9 ns");
    }

    [Fact]
    public void Other_fault_rules_are_refused()
    {
        var one = Build();
        one.InstallOnLink(1, 2, new RandomFault("noise"));
        Refused(one, Build(), "the snapshot was taken with other fault rules than the 0 installed here");
        var other = Build();
        other.InstallOnLink(1, 2, new RandomFault("silence"));
        Refused(one, other, "the snapshot has a fault rule noise where this simulation has silence");
    }

    [Fact]
    public void An_unknown_type_is_named()
    {
        var refused = Assert.Throws<CodecException>(() => Build().Restore(Build().Snapshot(), new TypeCatalog()));
        Assert.Equal("the snapshot names a type that this build lacks: XenActors.Tests.Simulation.LogActor", refused.Message);
    }

    [Theory]
    [InlineData("XenActors.Tests.Simulation.LogState", "names XenActors.Tests.Simulation.LogState as an actor, which it is not")]
    [InlineData("XenActors.Tests.Simulation.Nothing", "a type that this build lacks")]
    [InlineData("a,b", "type")]
    [InlineData("[[", "type")]
    public void A_name_that_is_no_actor_is_refused(string name, string message) =>
        Assert.Contains(message, Assert.Throws<CodecException>(() => SnapshotTests.RichTypes.Actor(name)).Message);

    [Theory]
    [InlineData("XenActors.Tests.Simulation.LogActor")]
    [InlineData("")]
    public void A_name_that_is_no_message_is_refused(string name) =>
        Assert.Throws<CodecException>(() => SnapshotTests.RichTypes.Message(name));

    [Fact]
    public void Another_schema_is_refused()
    {
        // One bit of the schema number of the first actor's state, and of the first message's.
        var snapshot = Build().Snapshot();
        var body = Simulator.Unseal(snapshot);
        Assert.Equal(
            "the state of XenActors.Tests.Simulation.LogActor has other fields in this build",
            Restored(FlipAfter(body, typeof(LogActor).FullName!)));
        Assert.Equal("message XenActors.Simulation.Start has other fields in this build", Restored(FlipAfter(body, typeof(Start).FullName!)));
    }

    private static string Restored(byte[] body) =>
        Assert.Throws<CodecException>(() => Build().Restore(Simulator.Seal(body), SnapshotTests.RichTypes)).Message;

    private static byte[] FlipAfter(byte[] body, string name)
    {
        var bytes = (byte[])body.Clone();
        bytes[bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(name)) + name.Length] ^= 1;
        return bytes;
    }

    private static void Refused(Simulator from, Simulator to, string message) =>
        Assert.Equal(message, Assert.Throws<CodecException>(() => to.Restore(from.Snapshot(), SnapshotTests.RichTypes)).Message);

    private static Simulator Build(ulong seed = 1, string? second = "b", int vcpus = 1, long latency = 5, long fallback = 8)
    {
        var builder = new SimulatorBuilder(seed) { DefaultLatency = new(fallback) };
        var a = builder.AddProcess("a", vcpus);
        if (second is not null)
        {
            builder.AddLink(a, builder.AddProcess(second), new(latency));
        }

        var simulator = builder.Build();
        simulator.Spawn<LogActor, LogState>(a, "log", new LogState());
        return simulator;
    }
}
