using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Snapshots;

public sealed class DamagedSnapshotTests
{
    private readonly byte[] snapshot = Take();

    [Fact]
    public void A_changed_byte_is_always_noticed()
    {
        var random = new RandomStream(1, "damage");
        var target = RichRun.Build(7, EngineOptions.Sequential);
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])snapshot.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 + random.Next(255));
            Assert.Throws<CodecException>(() => target.Restore(bytes, RichRun.Types));
        }
    }

    [Fact]
    public void A_truncated_or_lengthened_snapshot_is_refused()
    {
        var random = new RandomStream(2, "damage");
        var target = RichRun.Build(7, EngineOptions.Sequential);
        for (var i = 0; i < 100; i++)
        {
            var length = i < 30 ? i : (int)random.Next(snapshot.Length);
            Assert.Throws<CodecException>(() => target.Restore(snapshot.AsSpan(0, length), RichRun.Types));
        }

        Assert.Throws<CodecException>(() => target.Restore([.. snapshot, 0], RichRun.Types));
    }

    /// <summary>The bytes behind the check value are not trusted either.</summary>
    [Fact]
    public void A_body_with_a_good_check_value_is_restored_or_refused_with_a_codec_exception()
    {
        var random = new RandomStream(3, "damage");
        var target = RichRun.Build(7, EngineOptions.Sequential);
        var body = Simulator.Unseal(snapshot);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = (byte[])body.Clone();
            for (var n = random.Next(3); n >= 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var length = random.NextChance(0.1) ? (int)random.Next(bytes.Length) : bytes.Length;
            try
            {
                target.Restore(Simulator.Seal(bytes.AsSpan(0, length)), RichRun.Types);
            }
            catch (CodecException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000, $"{refused} refused");
        target.Restore(snapshot, RichRun.Types);
        Assert.Equal(snapshot, target.Snapshot());
    }

    [Fact]
    public void After_a_failed_restore_only_another_restore_can_follow()
    {
        var target = RichRun.Build(7, EngineOptions.Sequential);
        Assert.Throws<CodecException>(() => target.Restore(Simulator.Seal(Simulator.Unseal(snapshot).AsSpan(0, 500)), RichRun.Types));
        Assert.Contains("only another restore", Assert.Throws<SimulationException>(target.Run).Message);
        Assert.Throws<SimulationException>(target.Snapshot);
        target.Restore(snapshot, RichRun.Types);
        target.Run();
    }

    private static byte[] Take()
    {
        var run = RichRun.Build(7, EngineOptions.Sequential, beats: 60);
        run.RunUntil(new VirtualTime(500_000));
        return run.Snapshot();
    }
}
