using XenActors.Cluster;
using XenActors.Simulation;

namespace XenActors.Tests.Cluster.Checkpoints;

public sealed class CheckpointDirectoryTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("checkpoints-").FullName;
    private readonly List<string> _told = [];

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void The_last_one_is_read_as_it_was_written_and_the_one_before_it_is_kept()
    {
        var checkpoints = new CheckpointDirectory(_path);
        Assert.Null(checkpoints.Latest(_told.Add));
        for (var second = 1; second <= 4; second++)
        {
            checkpoints.Write(Of(second));
        }

        AssertIs(Of(4), checkpoints.Latest(_told.Add));
        Assert.Equal(["at-0000000003000000000", "at-0000000004000000000"], Directory.EnumerateFileSystemEntries(_path).Select(Path.GetFileName).Order());
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData("parts", 3, "its part dom0 is damaged")]
    [InlineData("parts", -1, "its part dom0 is damaged")]
    [InlineData("manifest", 30, "its manifest is damaged")]
    [InlineData("manifest", -1, "its manifest is damaged")]
    [InlineData("manifest", -60, "its manifest is damaged")]
    public void A_damaged_one_is_told_and_the_one_before_it_is_used(string file, int at, string what)
    {
        var checkpoints = new CheckpointDirectory(_path);
        checkpoints.Write(Of(1));
        checkpoints.Write(Of(2));
        var damaged = Path.Combine(_path, "at-0000000002000000000");
        var bytes = File.ReadAllBytes(Path.Combine(damaged, file));
        if (at >= 0)
        {
            bytes[at] ^= 1;
        }
        else
        {
            bytes = bytes[..(bytes.Length + at)];
        }

        File.WriteAllBytes(Path.Combine(damaged, file), bytes);
        AssertIs(Of(1), checkpoints.Latest(_told.Add));
        Assert.Equal([$"{damaged}: not used: {what}"], _told);
    }

    // A process that was killed while it wrote.
    [Fact]
    public void What_was_not_finished_is_no_checkpoint_and_is_in_nobodys_way()
    {
        var checkpoints = new CheckpointDirectory(_path);
        checkpoints.Write(Of(1));
        var torn = Directory.CreateDirectory(Path.Combine(_path, ".unfinished-at-0000000002000000000")).FullName;
        File.WriteAllText(Path.Combine(torn, "parts"), "half");
        AssertIs(Of(1), checkpoints.Latest(_told.Add));
        checkpoints.Write(Of(2));
        AssertIs(Of(2), checkpoints.Latest(_told.Add));
        Assert.False(Directory.Exists(torn));
        Assert.Empty(_told);
    }

    [Fact]
    public void A_disk_that_takes_nothing_leaves_the_others_as_they_were()
    {
        var checkpoints = new CheckpointDirectory(_path);
        checkpoints.Write(Of(1));

        // In the way of the next one's directory.
        File.WriteAllText(Path.Combine(_path, ".unfinished-at-0000000002000000000"), "");
        Assert.ThrowsAny<IOException>(() => checkpoints.Write(Of(2)));
        AssertIs(Of(1), checkpoints.Latest(_told.Add));
    }

    private static Checkpoint Of(int second) => new(
        new(second * 1_000_000_000L), $"build b seed {second}", [new("/head", [1, 2, (byte)second]), new("dom0", [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * second % 251))]), new("dom 1", [])]);

    private static void AssertIs(Checkpoint expected, Checkpoint? found)
    {
        Assert.Equal((expected.Now, expected.About), (found!.Now, found.About));
        Assert.Equal(expected.Parts.Select(p => p.Name), found.Parts.Select(p => p.Name));
        Assert.All(expected.Parts.Zip(found.Parts), p => Assert.Equal(p.First.Bytes, p.Second.Bytes));
    }
}
