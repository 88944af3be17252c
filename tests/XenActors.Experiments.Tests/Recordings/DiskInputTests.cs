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
        var volume = File.ReadAllLines(_rig.File).Where(l => l.Contains($" {Volume} {(2048 + 3) * 512} ", StringComparison.Ordinal)).ToList();
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
        var change = File.ReadAllLines(_rig.File).ToList().FindIndex(l => l.Contains(" sync", StringComparison.Ordinal));
        Assert.True(change > 0);
        _rig.Edit(change + 1, l => $"{l}\n{l.Split(' ')[0]} refused 1");
        var outcome = _rig.Replay();
        Assert.False(outcome.Same); // the session's write was taken: the replay's was not, and its history is another one
        Assert.NotEqual(recorded, outcome.Fingerprint);
    }

    [Theory]
    [InlineData("read 1 0 q", "expected the end of the line but found  q")]
    [InlineData("write 1 1 data AAAA", "expected the Base64 of 512 bytes but found AAAA")]
    [InlineData("write 1 1 ones", "expected zeros or data but found ones")]
    [InlineData("format 1 1", "expected open or an operation but found format")]
    [InlineData("open", "user 1 has opened its disk already")]
    [InlineData("read 1", "expected a count of sectors from 0 to 4294967295 but found the end of the line")]
    public void A_damaged_line_is_told(string text, string problem)
    {
        var users = new Users();
        Record(_rig.Boots.Disk("disk.img", 8192, 4096), users, session => Do(session, users, BlockIoOperation.Read, 0, 8));
        var line = File.ReadAllLines(_rig.File).ToList().FindIndex(l => l.Contains(" disk 1 read", StringComparison.Ordinal)) + 1;
        _rig.Edit(line, l => $"{l.Split(' ')[0]} disk 1 {text}");
        var told = Assert.Throws<XenActors.Experiments.UserErrorException>(() => _rig.Replay()).Message;
        Assert.StartsWith($"{_rig.File}:{line}:", told, StringComparison.Ordinal);
        Assert.EndsWith(problem, told, StringComparison.Ordinal);
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
