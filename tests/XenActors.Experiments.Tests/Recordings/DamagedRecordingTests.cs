using XenActors.Abi;
using XenActors.Experiments;

namespace XenActors.Tests.Experiments.Recordings;

/// <summary>Whatever is wrong with a recording is told in one line: file, line, column, what was expected, what was found.</summary>
public sealed class DamagedRecordingTests : IDisposable
{
    private readonly RecordedRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(1, "xenactors recording 1", "1:21: expected a recording's version from 3 to 3 but found 1")]
    [InlineData(1, "xenactors trace 1", "1:11: expected recording but found trace")]
    [InlineData(1, "", "1:1: expected xenactors but found the end of the line")]
    [InlineData(5, "seed -1", "5:6: expected a seed from 0 to 18446744073709551615 but found -1")]
    [InlineData(5, "seed", "5:5: expected a seed from 0 to 18446744073709551615 but found the end of the line")]
    [InlineData(5, "seed 1 2", "5:7: expected the end of the line but found  2")]
    [InlineData(6, "host debian12-xen-4.17 0123456789abcdef AAAA", "6:24: another version of xenactors recorded this: its host profiles are different; replay it with that version")]
    [InlineData(8, "start", "8:1: expected cmdline, paused, config, volume, disk or begin but found start")]
    [InlineData(9, "soon xenstore 1 connect", "9:1: expected a virtual time in nanoseconds from 0 to 9223372036854775806 but found soon")]
    [InlineData(9, "1000000 xenstore 1 connect", "10:1: expected a virtual time in nanoseconds from 1000000 to 9223372036854775806 but found 500000")]
    [InlineData(9, "0 nbd 1 connect", "9:3: expected xenstore, disk, volume, refused, check, failed or end but found nbd")]
    [InlineData(9, "0 xenstore 2 connect", "9:12: expected a client from 1 to 1 but found 2")]
    [InlineData(9, "0 xenstore 1 disconnect", "9:14: client 1 is not connected")]
    [InlineData(10, "500000 xenstore 1 connect", "10:19: client 1 is connected already")]
    [InlineData(10, "500000 xenstore 1 PEEK 1 0 /a", "10:19: expected connect, disconnect or an operation but found PEEK")]
    [InlineData(10, "500000 xenstore 1 READ 1 4294967296 /a", "10:26: expected a transaction's number from 0 to 4294967295 but found 4294967296")]
    [InlineData(10, "500000 xenstore 1 READ 1 0", "10:27: expected a payload but found the end of the line")]
    [InlineData(10, @"500000 xenstore 1 READ 1 0 /a\q", @"10:30: expected \0, \n, \\ or \x and two digits but found \q")]
    [InlineData(10, "500000 xenstore 1 READ 1 0 /\u0007", "10:29: expected printable ASCII but found \u0007")]
    [InlineData(10, "500000 volume 1 /x 0 3 zeros", "10:17: expected the path of one of this host's volumes but found /x")]
    [InlineData(10, "500000 disk 1 sync", "10:8: no disk of this host is used from outside")]
    [InlineData(10, "500000 refused 0", "10:16: expected a change's number from 1 to 9223372036854775807 but found 0")]
    [InlineData(11, "1000000 end 0123", "11:13: expected a fingerprint of 16 hexadecimal digits but found 0123")]
    [InlineData(11, "1000000 end 0123456789abcdef dom9=0123456789abcdef", "11:30: expected a process of this host and its fingerprint but found dom9=0123456789abcdef")]
    public void A_damaged_line_is_told_with_its_place(int line, string text, string problem)
    {
        _rig.Record(_rig.Empty(), session =>
        {
            session.Connect(1);
            session.RunUntil(new(500_000));
            RecordedRig.Ask(session, 1, XsWireType.Read, "/a|");
            session.RunUntil(new(1_000_000));
        });
        Assert.Equal(11, File.ReadAllLines(_rig.File).Length);
        _rig.Edit(line, _ => text);
        Assert.Equal($"{_rig.File}:{problem}", Assert.Throws<UserErrorException>(() => _rig.Replay()).Message);
    }

    [Fact]
    public void What_follows_the_end_is_told()
    {
        _rig.Record(_rig.Empty(), _ => { });
        File.AppendAllText(_rig.File, "0 xenstore 1 connect\n");
        Assert.Equal($"{_rig.File}:10:1: expected the end of the recording but found 0", Assert.Throws<UserErrorException>(() => _rig.Replay()).Message);
    }

    [Theory]
    [InlineData("", ":1:1: expected xenactors recording 3 but found an empty file")]
    [InlineData("#!/bin/sh\n", ":1:1: expected xenactors but found #!/bin/sh")]
    [InlineData("xenactors recording 3\n", ": the recording ends before its header does")]
    public void What_is_no_recording_is_told(string text, string problem)
    {
        File.WriteAllText(_rig.File, text);
        Assert.Equal(_rig.File + problem, Assert.Throws<UserErrorException>(() => _rig.Replay()).Message);
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_told()
    {
        Assert.Equal($"{_rig.File}: no such recording", Assert.Throws<UserErrorException>(() => _rig.Replay()).Message);
        Directory.CreateDirectory(_rig.File);
        Assert.Equal($"{_rig.File}: is a directory, not a recording", Assert.Throws<UserErrorException>(() => _rig.Replay()).Message);
    }

    [Fact]
    public void A_profile_whose_bytes_are_damaged_is_told()
    {
        _rig.Record(_rig.Empty(), _ => { });
        _rig.Edit(6, l => l[..^40] + "====");
        Assert.StartsWith($"{_rig.File}:6:41: expected a host profile in base64 but ", Assert.Throws<UserErrorException>(() => _rig.Replay()).Message, StringComparison.Ordinal);
    }
}
