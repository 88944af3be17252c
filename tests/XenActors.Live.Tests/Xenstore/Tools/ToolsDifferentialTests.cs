using XenActors.Tests.Live.Debian;

namespace XenActors.Tests.Live.Xenstore.Tools;

/// <summary>Our tools beside Debian's xenstore-utils: the same command lines to two stores that began alike.</summary>
public sealed class ToolsDifferentialTests
{
    [DebianFact(DebianNeeds.Tools | DebianNeeds.Daemon)]
    public void Every_command_prints_and_ends_as_Debians_does_on_the_real_daemon()
    {
        using var one = new RealXenstored();
        using var other = new RealXenstored();
        Compare(one.Socket, other.Socket);
    }

    [DebianFact(DebianNeeds.Tools)]
    public void Every_command_prints_and_ends_as_Debians_does_on_our_daemon()
    {
        using var one = new RunningServer();
        using var other = new RunningServer();
        Compare(one.Socket, other.Socket);
    }

    [DebianFact(DebianNeeds.Tools)]
    public void A_terminals_width_cuts_what_Debians_cuts()
    {
        using var server = new RunningServer();
        var names = string.Concat(Enumerable.Range(0, 12).Select(i => $"/{new string((char)('a' + i), 4)}"));
        ToolOutcome.OfOurs(server.Socket, null, "write", names, @"tab\tand\x00binary", names[..^5] + "/long" + new string('n', 60), new string('v', 100), "/short", "1");
        for (var columns = 0; columns < 130; columns += columns < 70 ? 7 : 19)
        {
            foreach (var arguments in (string[][])[["ls", "/"], ["ls", "-p", "/"], ["ls", "-f", "/"], ["ls", "-fp", "/"]])
            {
                var real = ToolOutcome.OfDebianOnTerminal(server.Socket, columns, arguments[0], arguments[1..]);
                Assert.Equal(real, ToolOutcome.OfOurs(server.Socket, columns, arguments[0], arguments[1..]));
            }
        }
    }

    [DebianFact(DebianNeeds.Tools)]
    public void A_transaction_that_somebody_else_was_faster_than_is_tried_again_as_Debians_is()
    {
        foreach (var arguments in (string[][])[["read", "/a", "/b"], ["write", "/a", "1", "/b", "2"], ["rm", "/a"], ["list", "/a"], ["exists", "/a"], ["chmod", "-r", "/a", "n5"], ["read", "/a", "/none"]])
        {
            using var one = new RunningServer();
            using var other = new RunningServer();
            Assert.Equal(Contended(one, proxy => ToolOutcome.OfDebian(proxy, arguments[0], arguments[1..])), Contended(other, proxy => ToolOutcome.OfOurs(proxy, null, arguments[0], arguments[1..])));
        }
    }

    private static (ToolOutcome Outcome, int Attempts, string Store) Contended(RunningServer server, Func<string, ToolOutcome> run)
    {
        ToolOutcome.OfOurs(server.Socket, null, "write", "/a/x", "1", "/a", "old", "/b", "old");
        using var proxy = new ContendingProxy(server.Socket, conflicts: 2);
        var outcome = run(proxy.Socket);
        return (outcome, proxy.Commits, ToolOutcome.OfOurs(server.Socket, null, "ls", "-fp").Output);
    }

    private static void Compare(string forDebian, string forOurs)
    {
        var different = new List<string>();
        foreach (var command in ToolCases.All)
        {
            var real = ToolOutcome.OfDebian(forDebian, command[0], command[1..]);
            var ours = ToolOutcome.OfOurs(forOurs, null, command[0], command[1..]);
            if (real != ours) different.Add($"{string.Join(' ', command.Select(Short))}\n  Debian {real}\n  ours   {ours}");
        }

        Assert.True(different.Count == 0, string.Join("\n", different));
        Assert.Equal(ToolOutcome.OfDebian(forDebian, "ls", "-fp"), ToolOutcome.OfDebian(forOurs, "ls", "-fp"));
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..50]}...({text.Length})";
}
