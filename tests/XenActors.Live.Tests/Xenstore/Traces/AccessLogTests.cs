using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Xenstore;
using XenActors.Tests.Live.Debian;
using XenActors.Tests.Live.Guests;
using XenActors.Xenstore.Traces;

namespace XenActors.Tests.Live.Xenstore.Traces;

public sealed partial class AccessLogTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("xs");

    private string File => Path.Combine(directory.FullName, "trace");

    public void Dispose() => directory.Delete(true);

    [DebianFact(DebianNeeds.Daemon)]
    public void It_has_the_lines_of_the_real_daemons_trace()
    {
        var theirs = Path.Combine(directory.FullName, "theirs");
        using (var real = new RealXenstored("-T", theirs)) new TracedSession(real.Connect, theirs).Everything();
        Logged(s => s.Everything());
        Assert.Equal(Comparable(theirs), Comparable(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [DebianFact(DebianNeeds.Daemon)]
    public void The_real_daemons_trace_replays_without_a_difference()
    {
        using (var real = new RealXenstored("-T", File)) new TracedSession(real.Connect, File).Everything();
        AssertReplays(50);
        System.IO.File.Delete(File);
        using (var real = new RealXenstored("-T", File)) new TracedSession(real.Connect, File).Pipelined();
        AssertReplays(300);
        for (var seed = 1; seed <= 10; seed++)
        {
            System.IO.File.Delete(File);
            using (var real = new RealXenstored("-T", File)) new TracedSession(real.Connect, File).Random(seed, 400);
            AssertReplays(400);
        }
    }

    [Fact]
    public void It_replays_without_a_difference()
    {
        Logged(s => s.Everything());
        AssertReplays(50);
        System.IO.File.Delete(File);
        Logged(s => s.Pipelined());
        AssertReplays(300);
        for (var seed = 1; seed <= 20; seed++)
        {
            System.IO.File.Delete(File);
            Logged(s => s.Random(seed, 400));
            AssertReplays(400);
        }
    }

    [Fact]
    public void Guests_on_rings_stand_in_it()
    {
        using (var host = GuestHost.Ours(new AccessLog(File, line => Assert.Fail(line)))) Guests(host);
        AssertReplays(15);
    }

    [DebianFact(DebianNeeds.Daemon)]
    public void Guests_on_rings_stand_in_it_as_in_the_real_daemons()
    {
        var theirs = Path.Combine(directory.FullName, "theirs");
        using (var real = GuestHost.Real("-T", theirs)) Guests(real);
        using (var ours = GuestHost.Ours(new AccessLog(File, line => Assert.Fail(line)))) Guests(ours);
        Assert.Equal(WithoutSyncs(theirs), WithoutSyncs(File));
    }

    [Fact]
    public void It_is_added_to_what_the_file_holds()
    {
        Logged(s => s.Random(1, 10));
        var before = System.IO.File.ReadAllText(File);
        Logged(s => s.Random(2, 10));
        var all = System.IO.File.ReadAllText(File);
        Assert.StartsWith(before + "\n***\nCREATE connection ", all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_logged_when_it_begins_to_be_sent()
    {
        using var log = new AccessLog(File, _ => { });
        using (var server = new RunningServer(new XenstoreServerOptions { QueueSoft = 16 * 1024, Log = log }))
        {
            using var slow = server.Connect();
            slow.Ask(XsWireType.Write, "/big|" + new string('v', 4000));
            slow.SendUntilFull(WireClient.Bytes(XsWireType.Read, "/big|"), 1 << 20);
            var waiting = server.Counts.QueuedBytes;
            Assert.True(waiting > 16 * 1024);
            var text = System.IO.File.ReadAllText(File);
            var unsent = Regex.Count(text, "IN .* READ ") - Regex.Count(text, "OUT .* READ ");
            Assert.InRange(unsent, 1, (int)(waiting / 4016));
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_at_once_and_a_full_one_ends_the_log_alone()
    {
        Assert.StartsWith("--trace /nonexistent/trace: ", Assert.Throws<UserErrorException>(() => new AccessLog("/nonexistent/trace", _ => { })).Message, StringComparison.Ordinal);
        Assert.StartsWith("--trace /dev/full: ", Assert.Throws<UserErrorException>(() => new AccessLog("/dev/full", _ => { })).Message, StringComparison.Ordinal);

        // A pipe whose reader leaves after the log's first bytes.
        using (var make = Process.Start("mkfifo", [File])) make.WaitForExit();
        using var reader = Process.Start("head", ["-c", "5", File]);
        var told = new List<string>();
        var log = new AccessLog(File, told.Add);
        reader.WaitForExit();
        using (var server = new RunningServer(new XenstoreServerOptions { Log = log }))
        {
            using var client = server.Connect();
            for (var i = 0; i < 3; i++) Assert.Equal("OK|", client.Ask(XsWireType.Write, "/a|1"));
        }

        Assert.Equal([$"--trace {File}: Broken pipe : '{File}': the log ends here"], told);
    }

    // What a guest says and is told: a watch that another's write fires, a transaction, a second introduction, a broken ring, an end.
    private static void Guests(GuestHost host)
    {
        using var guest = host.Guest(5);
        using var broken = host.Guest(6);
        guest.Ask(XsWireType.Watch, "x|t|");
        guest.Receive();
        host.Tool.Ask(XsWireType.Write, "/local/domain/5/x|1");
        guest.Receive();
        guest.Ask(XsWireType.TransactionStart, "|");
        guest.Ask(XsWireType.Write, "y|2", 1);
        guest.Ask(XsWireType.TransactionEnd, "T|", 1);
        guest.Ask(XsWireType.Read, "/tool/xenstored|");
        broken.Ask(XsWireType.Watch, "z|t|");
        broken.Receive();
        broken.ReqProd = broken.ReqCons + 5000;
        broken.Kick();
        host.Sync();
        host.Tool.Ask(XsWireType.Introduce, "5|1|1|");
        guest.Put(XsWireType.Read, "y|");
        host.Sync();
        host.Tool.Ask(XsWireType.Release, "5|");
        host.Tool.Ask(XsWireType.IsDomainIntroduced, "6|");
    }

    // Connection by connection: who hears first of one change is chance. The tests' own questions, by which they know that the daemon has done
    // what it was told, are left out, and a remark of the daemon's; and the tool's end, which a daemon that is stopped need not see.
    private static string WithoutSyncs(string file) => string.Join('\n', Comparable(file).Split('\n')
        .Where(l => !l.Contains("GET_DOMAIN_PATH (", StringComparison.Ordinal) && !l.StartsWith("orphaned node ", StringComparison.Ordinal) && l != "DESTROY connection #0")
        .OrderBy(l => Numbered().Match(l).Value, StringComparer.Ordinal));

    private void Logged(Action<TracedSession> session)
    {
        using var server = new RunningServer(new XenstoreServerOptions { Log = new AccessLog(File, line => Assert.Fail(line)) });
        session(new TracedSession(server.Connect, File));
    }

    private void AssertReplays(int least)
    {
        var outcome = TraceReplay.Run(TraceParser.Parse(System.IO.File.ReadAllText(File, Encoding.Latin1)));
        Assert.True(outcome.Difference is null, $"{outcome.Difference}\n{string.Join('\n', System.IO.File.ReadAllLines(File).Where(l => !l.StartsWith("wrl", StringComparison.Ordinal)))}");
        Assert.InRange(outcome.Replies, least, int.MaxValue);
        Assert.Equal(0, outcome.OlderEvents);
    }

    // Without times and the daemon's remarks, addresses numbered as they appear, from the first client's beginning on.
    private static string Comparable(string file)
    {
        var lines = System.IO.File.ReadAllText(file, Encoding.Latin1).Split('\n').Where(l => !l.StartsWith("wrl: ", StringComparison.Ordinal)).ToList();
        var first = lines.FindIndex(l => l.StartsWith("IN ", StringComparison.Ordinal));
        var own = lines[first].Split(' ')[1];
        var text = string.Join('\n', lines.Skip(lines.FindLastIndex(first, l => l == $"CREATE connection {own}")));
        var names = new Dictionary<string, int>();
        var count = 0;
        text = Address().Replace(text, m =>
        {
            // An address comes again for something new; a transaction's is told once, at its end.
            var (before, address) = (m.Groups["before"].Value, m.Groups["address"].Value);
            if (before is "DESTROY transaction ") return $"{before}#{count++}";
            if (before.StartsWith("CREATE", StringComparison.Ordinal)) names[address] = count++;
            return before + (names.TryGetValue(address, out var number) ? $"#{number}" : "#older");
        });
        // Whoever looked whether the daemon listens.
        text = string.Join('\n', text.Split('\n').Where(l => l != "DESTROY connection #older"));
        return Time().Replace(text, " TIME ");
    }

    [GeneratedRegex(@"^(?<before>(IN|OUT|CONN|CREATE \w+|DESTROY \w+) )(?<address>0x[0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex Address();

    [GeneratedRegex("#[a-z0-9]+")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"(?<=^(IN|OUT) #\S+) \d{8} \d\d:\d\d:\d\d ", RegexOptions.Multiline)]
    private static partial Regex Time();
}
