using XenActors.Experiments.Volumes;
using XenActors.Machine;
using XenActors.Machine.Disks;

namespace XenActors.Tests.Experiments.Volumes;

/// <summary>Like a plain volume to whoever uses it, while nothing reaches the base before the end.</summary>
public sealed class OverlayVolumesTests
{
    // The last page of the disk is not whole.
    private const int Sectors = 203;
    private const int Bytes = Sectors * 512;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_reads_and_commits_what_a_plain_volume_would_have_and_survives_being_saved(int seed)
    {
        var random = new Random(seed);
        var (plain, below) = (Volumes(), Volumes());
        var id = plain.Find("/disk")!.Id;
        var before = Content(below, id);
        var overlay = new OverlayVolumes(below);
        for (var i = 0; i < 300; i++)
        {
            var offset = (ulong)random.Next(Bytes + 2000);
            var data = new byte[random.Next(1, 9000)];
            random.NextBytes(data);
            if (random.Next(3) == 0)
            {
                Assert.Equal(plain.Discard(id, offset, (ulong)data.Length), overlay.Discard(id, offset, (ulong)data.Length));
            }
            else
            {
                Assert.Equal(plain.Write(id, offset, data), overlay.Write(id, offset, data));
            }

            if (i % 50 == 49)
            {
                Assert.Equal(Content(plain, id), Content(overlay, id));
                Assert.Equal(before, Content(below, id));
                var saved = overlay.Save();
                overlay = new OverlayVolumes(below);
                overlay.Load(saved);
                Assert.Equal(Content(plain, id), Content(overlay, id));
            }
        }

        Assert.False(overlay.IsEmpty);
        overlay.Commit();
        Assert.Equal(Content(plain, id), Content(below, id));
    }

    [Fact]
    public void What_cannot_be_written_below_cannot_be_written_above()
    {
        var volumes = new MemoryVolumes();
        volumes.AddCdrom("/cd", new DefaultVolumes { DiskSize = 0, Partitions = [], CdromSectors = 100 });
        var overlay = new OverlayVolumes(volumes);
        var id = overlay.Find("/cd")!.Id;
        Assert.False(overlay.Write(id, 0, new byte[512]));
        Assert.False(overlay.Discard(id, 0, 512));
        Assert.False(overlay.Write(new VolumeId(7), 0, new byte[512]));
        Assert.True(overlay.IsEmpty);
        Assert.Throws<InvalidDataException>(() => overlay.Load([1, 0, 0, 0, 2]));
    }

    private static MemoryVolumes Volumes()
    {
        var volumes = new MemoryVolumes();
        var head = new byte[5000];
        new Random(9).NextBytes(head);
        volumes.AddBytes("/disk", Sectors, head);
        return volumes;
    }

    private static byte[] Content(IVolumes volumes, VolumeId id)
    {
        var all = new byte[Bytes];
        Assert.True(volumes.Read(id, 0, all));
        return all;
    }
}
