using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Experiments.Recordings;

namespace XenActors.Tests.Experiments.Recordings;

public sealed class RecordingFileTests : IDisposable
{
    private readonly RecordedRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void What_enters_is_a_readable_line()
    {
        _rig.Record(_rig.Empty(), session =>
        {
            session.Connect(1);
            session.RunUntil(new(2_500_000));
            RecordedRig.Ask(session, 1, XsWireType.Write, "/a b|two\nlines \\ \u00ff");
            RecordedRig.Ask(session, 1, XsWireType.DirectoryPart, "/|0|", 4_000_000_000);
            RecordedRig.Ask(session, 1, (XsWireType)99, "");
            session.Disconnect(1);
        });
        var lines = File.ReadAllLines(_rig.File);
        Assert.Equal("xenactors recording 3", lines[0]);
        Assert.Equal(["started 2024-02-29T12:30:15Z", "command serve", "seed 1"], lines[2..5]);
        Assert.Equal(
            [
                "begin",
                "0 xenstore 1 connect",
                @"2500000 xenstore 1 WRITE 1 0 /a b\0two\nlines \\ \xff",
                @"2500000 xenstore 1 DIRECTORY_PART 1 4000000000 /\00\0",
                "2500000 xenstore 1 99 1 0 ",
                "2500000 xenstore 1 disconnect",
            ],
            lines[7..13]);
        Assert.StartsWith("2500000 end ", lines[13], StringComparison.Ordinal);
        Assert.True(_rig.Replay().Same);
    }

    [Fact]
    public void What_was_flushed_is_there_before_the_session_ends()
    {
        using var session = _rig.Begin(_rig.Empty());
        session.Connect(1);
        Assert.True(session.RecordingWaits);
        Assert.EndsWith("\nbegin\n", Read(), StringComparison.Ordinal);
        session.Flush();
        Assert.False(session.RecordingWaits);
        Assert.EndsWith("0 xenstore 1 connect\n", Read(), StringComparison.Ordinal);
        Assert.Equal(RecordingEnd.Cut, _rig.Replay().End);

        string Read()
        {
            using var file = new StreamReader(new FileStream(_rig.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return file.ReadToEnd();
        }
    }

    [Fact]
    public void It_is_for_its_owner_only()
    {
        _rig.Record(_rig.Empty(), _ => { });
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_rig.File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void A_recording_is_replaced_and_any_other_file_left_alone()
    {
        _rig.Record(_rig.Boots.Page(), _ => { });
        _rig.Record(_rig.Empty(), _ => { });
        Assert.Equal(9, File.ReadAllLines(_rig.File).Length);
        File.WriteAllText(_rig.File, "my thesis");
        Assert.Equal($"{_rig.File}: exists and is no recording", Assert.Throws<UserErrorException>(() => RecordingWriter.Create(_rig.File)).Message);
        Assert.Equal("my thesis", File.ReadAllText(_rig.File));
        Assert.Equal("/: is a directory, not a file for a recording", Assert.Throws<UserErrorException>(() => RecordingWriter.Create("/")).Message);
        Assert.StartsWith("/nowhere/a: cannot be written: ", Assert.Throws<UserErrorException>(() => RecordingWriter.Create("/nowhere/a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_given_anew_when_their_client_was_told_closed()
    {
        var answers = new RecordedRig.Answers();
        _rig.Record(
            _rig.Empty(),
            session =>
            {
                session.RunUntil(RecordedRig.At(1));
                session.Connect(1);
                RecordedRig.Ask(session, 1, XsWireType.Watch, "/w|old|");
                RecordedRig.Ask(session, 1, XsWireType.TransactionStart, "|");
                session.RunUntil(RecordedRig.At(2));
                session.Disconnect(1);
                session.RunUntil(RecordedRig.At(3));
                session.Connect(1);
                RecordedRig.Ask(session, 1, XsWireType.Write, "/w|1");
                RecordedRig.Ask(session, 1, XsWireType.TransactionStart, "|");
                session.RunUntil(RecordedRig.At(4));
            },
            answers);
        Assert.Equal(["1 Watch OK|", "1 /w old", "1 TransactionStart 1|", "1 closed", "1 Write OK|", "1 TransactionStart 1|"], answers.Lines);
        Assert.True(_rig.Replay().Same);
    }
}
