using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>xenstored's shell, and the creation as a whole.</summary>
public sealed class DaemonTests
{
    [Fact]
    public void A_guest_is_served_only_once_it_has_been_introduced()
    {
        var bench = new Bench();
        var early = bench.Type(new StoreBatch().Read("name"), 29);
        Assert.False(early.Done);

        Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);

        Assert.False(early.Done);
        Assert.True(bench.Type(new StoreBatch().Read("name"), 29).Done);
    }

    [Fact]
    public void A_guest_may_not_write_its_backend()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);
        var typist = bench.Type(new StoreBatch().Write("/local/domain/0/backend/vbd/29/768/params", "/dev/sda"), 29);
        Assert.StartsWith("EACCES", typist.Batch.Failure, StringComparison.Ordinal);
        Assert.Equal("/dev/loop0", bench.Value("/local/domain/0/backend/vbd/29/768/params"));
    }

    [Fact]
    public void One_seed_gives_one_history()
    {
        var (one, two, other) = (new Bench(), new Bench(), new Bench(seed: 2));
        foreach (var bench in (Bench[])[one, two, other])
        {
            Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);
        }

        Assert.Equal(one.Simulator.Fingerprint, two.Simulator.Fingerprint);
        Assert.NotEqual(one.Simulator.Fingerprint, other.Simulator.Fingerprint);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(86)]
    [InlineData(200)]
    [InlineData(306)]
    public void A_creation_that_was_interrupted_by_a_snapshot_goes_on_as_if_it_had_not_been(int milliseconds)
    {
        var (one, two) = (new Bench(), new Bench());
        one.Order(Bench.File("guest.cfg.txt"));
        two.Order(Bench.File("guest.cfg.txt"));
        foreach (var bench in (Bench[])[one, two])
        {
            bench.Simulator.RunFor(VirtualDuration.FromMilliseconds(milliseconds));
        }

        two.Simulator.Restore(two.Simulator.Snapshot(), new TypeCatalog(typeof(LibxlActor).Assembly, typeof(Bench).Assembly));
        one.Run(10);
        two.Run(10);

        Assert.True(two.Recorder.Created[^1].Ok);
        Assert.Equal(one.Simulator.Fingerprint, two.Simulator.Fingerprint);
        Assert.Equal(one.Tree(), two.Tree());
    }
}
