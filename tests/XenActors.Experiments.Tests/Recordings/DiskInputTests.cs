using System.Text;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Recordings;

/// <summary>What enters a guest's disk from outside is recorded, and replayed without the image.</summary>
public sealed class DiskInputTests : IDisposable
{
    private const string Volume = "/dev/vg01/f16pvhvm-disk0";

    private readonly RecordedRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void All_that_is_asked_of_a_disk_is_replayed()
    {
        var image = _rig.Boots.Disk("disk.img", 8192, 4096);
        var users = new Users();
        var recorded = Record(image, users, session =>
        {
            Do(session, users, BlockIoOperation.Write, 100, 88, Bytes(88, 1));
            Do(session, users, BlockIoOperation.Read, 96, 100);
            Do(session, users, BlockIoOperation.Write, 300, 8, Bytes(8, 2), BlockIoFlags.Dsync);
            Do(session, users, BlockIoOperation.WriteZeroes, 302, 2);
            Do(session, users, BlockIoOperation.Sync, 0, 0);
            Do(session, users, BlockIoOperation.Read, 0, 4000);
            Do(session, users, BlockIoOperation.Read, 1 << 30, 1);
            Do(session, users, BlockIoOperation.Discard, 1000, 1000);
        });
        Assert.Equal([.. Enumerable.Repeat(BlockErrno.None, 7), BlockErrno.EINVAL, BlockErrno.EOPNOTSUPP], users.Told);
        Assert.Equal(Bytes(88, 1), File.ReadAllBytes(image).AsSpan(100 * 512, 88 * 512).ToArray());
        File.WriteAllBytes(image, new byte[8 << 20]);
        foreach (var threads in new[] { 0, 2 })
        {
            var outcome = _rig.Replay(threads == 0 ? EngineOptions.Sequential : EngineOptions.Threads(threads));
            Assert.True(outcome.Same, outcome.Missing ?? $"{outcome.Difference}");
            Assert.Equal((recorded, 8L, RecordingEnd.Ended), (outcome.Fingerprint, outcome.DiskRequests, outcome.End));
        }
    }

    [Fact]
    public void An_image_that_somebody_else_changes_meanwhile_is_read_again_in_the_replay()
    {
        var image = _rig.Boots.Disk("disk.img", 8192, 4096);
        var users = new Users();
        var recorded = Record(image, users, session =>
        {
            Do(session, users, BlockIoOperation.Read, 2048, 8);
            using (var file = new FileStream(image, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Position = (2048 + 3) * 512;
                file.Write(Bytes(1, 9));
            }

            Do(session, users, BlockIoOperation.Read, 2048, 8);
            Assert.Equal(Bytes(1, 9), users.Data.AsSpan(3 * 512, 512).ToArray());
        });
        Assert.Equal(recorded, _rig.Replay().Fingerprint);

        // Only the sector that was new is there a second time.
        var volume = _rig.Lines().Where(l => l.Contains($" {Volume} {(2048 + 3) * 512} ", StringComparison.Ordinal)).ToList();
        Assert.Equal("512", Assert.Single(volume).Split(' ')[5]);
    }

    [Fact]
    public void Writes_that_the_image_does_not_take_fail_in_the_replay_too()
    {
        // No file fails at a test's will: the recording of one that did not is edited.
        var image = _rig.Boots.Disk("disk.img", 8192, 4096);
        var users = new Users();
        var recorded = Record(image, users, session =>
        {
            Do(session, users, BlockIoOperation.Write, 4000, 8, Bytes(8, 1));
            Do(session, users, BlockIoOperation.Sync, 0, 0);
        });
        var change = Array.FindIndex(_rig.Lines(), l => l.Contains(" sync", StringComparison.Ordinal));
        Assert.True(change > 0);
        _rig.Edit(change + 1, l => $"{l}\n{l.Split(' ')[0]} refused 1");
        var outcome = _rig.Replay();
        Assert.False(outcome.Same); // the session's write was taken: the replay's was not, and its history is another one
        Assert.NotEqual(recorded, outcome.Fingerprint);
    }

    [Theory]
    [InlineData("read 1 0 q", "expected the end of the line but found  q")]
    [InlineData("write 1 1 data AAAA", "expected a length from 512 to 512 but found AAAA")]
    [InlineData("write 1 1 data 512", "expected a block of 512 bytes before this line")]
    [InlineData("write 1 1 ones", "expected zeros or data but found ones")]
    [InlineData("format 1 1", "expected open or an operation but found format")]
    [InlineData("open", "user 1 has opened its disk already")]
    [InlineData("read 1", "expected a count of sectors from 0 to 4294967295 but found the end of the line")]
    public void A_damaged_line_is_told(string text, string problem)
    {
        var users = new Users();
        Record(_rig.Boots.Disk("disk.img", 8192, 4096), users, session => Do(session, users, BlockIoOperation.Read, 0, 8));
        var line = Array.FindIndex(_rig.Lines(), l => l.Contains(" disk 1 read", StringComparison.Ordinal)) + 1;
        _rig.Edit(line, l => $"{l.Split(' ')[0]} disk 1 {text}");
        var told = Assert.Throws<XenActors.Experiments.UserErrorException>(() => _rig.Replay()).Message;
        Assert.StartsWith($"{_rig.File}:{line}:", told, StringComparison.Ordinal);
        Assert.EndsWith(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_bytes_stand_in_the_recording_as_they_are()
    {
        var users = new Users();
        byte[][] written = [Bytes(1, 1), Bytes(88, 2), Bytes(2048, 3), [.. Enumerable.Repeat((byte)'\n', 512)], new byte[40960]];
        var recorded = Record(_rig.Boots.Disk("disk.img", 8192, 4096), users, session =>
        {
            foreach (var data in written) Do(session, users, BlockIoOperation.Write, 4096, (uint)data.Length / 512, data);
        });
        var file = File.ReadAllBytes(_rig.File);
        foreach (var data in written[..^1])
        {
            var block = file.AsSpan().IndexOf([.. Encoding.ASCII.GetBytes($"\nblock {data.Length}\n"), .. data, (byte)'\n']);
            Assert.True(block > 0);
            Assert.EndsWith($" disk 1 write 4096 {data.Length / 512} data {data.Length}", Encoding.Latin1.GetString(file.AsSpan(block + $"\nblock {data.Length}\n".Length + data.Length + 1)).Split('\n')[0], StringComparison.Ordinal);
        }

        Assert.Contains(_rig.Lines(), l => l.EndsWith(" disk 1 write 4096 80 zeros", StringComparison.Ordinal));
        Assert.Equal((true, recorded), (_rig.Replay().Same, _rig.Replay().Fingerprint));
    }

    [Fact]
    public void A_session_killed_at_any_byte_of_a_block_is_replayed_up_to_the_line_before_it()
    {
        var users = new Users();
        Record(_rig.Boots.Disk("disk.img", 8192, 4096), users, session =>
        {
            Do(session, users, BlockIoOperation.Write, 4096, 1, Bytes(1, 1));
            Do(session, users, BlockIoOperation.Write, 4096, 2048, Bytes(2048, 2));
        });
        var whole = File.ReadAllBytes(_rig.File);
        var block = whole.AsSpan().IndexOf("\nblock 1048576\n"u8) + 1;
        foreach (var (more, end) in new[] { (0, RecordingEnd.Cut), (3, RecordingEnd.Torn), (13, RecordingEnd.Torn), (14, RecordingEnd.Torn), (70_000, RecordingEnd.Torn), (14 + (1 << 20), RecordingEnd.Torn), (15 + (1 << 20), RecordingEnd.Torn), (20 + (1 << 20), RecordingEnd.Torn) })
        {
            File.WriteAllBytes(_rig.File, whole[..(block + more)]);
            var outcome = _rig.Replay();
            Assert.Equal((end, 1L), (outcome.End, outcome.DiskRequests));
        }
    }

    [Fact]
    public void A_block_that_is_not_as_announced_is_told()
    {
        var users = new Users();
        Record(_rig.Boots.Disk("disk.img", 8192, 4096), users, session => Do(session, users, BlockIoOperation.Write, 4096, 1, [.. Enumerable.Repeat((byte)'x', 512)]));
        var line = Array.FindIndex(_rig.Lines(), l => l.StartsWith("xxx", StringComparison.Ordinal));
        var lines = _rig.Lines();
        foreach (var (at, text, problem) in new[]
        {
            (line, "block many", $"{line}:7: expected a length from 1 to 1073741824 but found many"),
            (line, "block 511", $"{line + 1}:1: expected the end of a block of 511 bytes but found more of it"),
            (line + 2, lines[line + 1].Split(' ')[0] + " disk 1 sync", $"{line + 2}:1: the block of 512 bytes before this line is no part of it"),
            (line + 2, lines[line + 1].Split(' ')[0] + " disk 1 write 4096 2 data 1024", $"{line + 2}:{lines[line + 1].Split(' ')[0].Length + 27}: expected a block of 1024 bytes before this line"),
        })
        {
            _rig.Edit(at, _ => text);
            Assert.Equal($"{_rig.File}:{problem}", Assert.Throws<XenActors.Experiments.UserErrorException>(() => _rig.Replay()).Message);
            File.WriteAllText(_rig.File, string.Join('\n', lines) + "\n", Encoding.Latin1);
        }
    }

    private static byte[] Bytes(int sectors, int seed)
    {
        var bytes = new byte[sectors * 512];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Do(LiveSession session, Users users, BlockIoOperation operation, ulong sector, uint count, byte[]? data = null, BlockIoFlags flags = 0)
    {
        var told = users.Told.Count;
        session.DiskIo(1, operation, flags, sector, count, data ?? []);
        while (users.Told.Count == told) session.RunUntil(session.Now + VirtualDuration.FromMilliseconds(10));
    }

    private Fingerprint Record(string image, Users users, Action<LiveSession> script)
    {
        var boot = _rig.Boots.Prepare(new BootOptions { Configs = [Page], Kernel = "fedora16-3.1", Volumes = [(Volume, image)] });
        using var session = _rig.Begin(boot, null, [new SessionDisk(0, "xvda")], users);
        session.RunUntil(RecordedRig.At(40));
        session.OpenDisk(1);
        session.RunUntil(RecordedRig.At(41));
        script(session);
        session.RunUntil(session.Now + VirtualDuration.FromSeconds(2));
        session.End();
        return session.Machine.Simulator.Fingerprint;
    }

    private static string Page => Boot.BootRig.Example("f16pvhvm.cfg");

    private sealed class Users : IOutsideDiskUsers
    {
        public List<BlockErrno> Told { get; } = [];

        public byte[] Data { get; private set; } = [];

        public void Opened(int user, BlockErrno error, in BlockGeometry geometry) => Told.Add(error);

        public void Done(int user, in BlockIoDone done)
        {
            Told.Add(done.Error);
            Data = done.Data;
        }

        public void Changed(int user, in BlockGeometry geometry)
        {
        }
    }
}
