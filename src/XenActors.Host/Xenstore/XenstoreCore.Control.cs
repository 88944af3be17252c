using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// CONTROL: the words of C xenstored 4.17. Those whose work lies outside the store are answered as a daemon answers that cannot do it.
public sealed partial class XenstoreCore
{
    private const int LiveUpdateWordsMax = 4;

    private static readonly byte[] Help = Encoding.ASCII.GetBytes(
        """
        check	
        log	on|off
        live-update	[-c <cmdline>] [-F] [-t <timeout>] <file>
            Default timeout is 60 seconds.
        logfile	<file>
        memreport	[<file>]
        print	<string>
        quota	[set <name> <val>|<domid>]
        quota-soft	[set <name> <val>]
        help	

        """.ReplaceLineEndings("\n") + "\0");

    private XenErrno Control(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var command)) return XenErrno.EINVAL;
        List<string> words = [];
        while (WirePayload.TryNext(ref rest, out var word)) words.Add(Encoding.Latin1.GetString(word));
        return (Encoding.Latin1.GetString(command), words) switch
        {
            ("check", []) => request.Acknowledge(),
            ("log", ["on" or "off"]) => request.Acknowledge(),
            ("logfile", [_]) => request.Acknowledge(),
            ("print", [_]) => request.Acknowledge(),
            ("live-update", [_, ..]) => LiveUpdate(request, words),
            ("quota", []) => Say(request, XenstoreQuotaNames.Hard.List(quotas)),
            ("quota", ["set", ..]) => SetQuota(request, XenstoreQuotaNames.Hard, words),
            ("quota", [var domid]) => DomainUsage(request, CNumber.Leading(Encoding.Latin1.GetBytes(domid))),
            ("quota-soft", []) => Say(request, XenstoreQuotaNames.Soft.List(quotas)),
            ("quota-soft", ["set", ..]) => SetQuota(request, XenstoreQuotaNames.Soft, words),
            ("help", []) => Told(request, Help),
            _ => XenErrno.EINVAL, // memreport too: there is no log to write it to
        };
    }

    private static XenErrno Told(in Request request, ReadOnlySpan<byte> answer)
    {
        request.Reply(answer);
        return XenErrno.None;
    }

    private static XenErrno Say(in Request request, string text) => Told(request, Encoding.Latin1.GetBytes(text + "\0"));

    // There is nothing that could be exchanged under way, so no session ever begins.
    private static XenErrno LiveUpdate(in Request request, List<string> words)
    {
        if (words.Count > LiveUpdateWordsMax) words.RemoveRange(LiveUpdateWordsMax, words.Count - LiveUpdateWordsMax);
        return words switch
        {
            ["-a"] => Say(request, "No live-update session active."),
            ["-c", _] => Say(request, "Not in live-update session."),
            ["-s", ..] when IsLiveUpdateStart(words) => Say(request, "Not in live-update session."),
            ["-f", _] => Say(request, "File not accessible."),
            _ => XenErrno.EINVAL,
        };
    }

    private static bool IsLiveUpdateStart(List<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "-F") continue;
            if (words[i] != "-t" || ++i == words.Count) return false;
        }

        return true;
    }

    private XenErrno SetQuota(in Request request, XenstoreQuotaNames names, List<string> words)
    {
        if (words is not [_, var name, var text]) return XenErrno.EINVAL;
        var value = unchecked((int)CNumber.Leading(Encoding.Latin1.GetBytes(text)));
        if (value < 1 || names.Set(quotas, name, value) is not { } changed) return XenErrno.EINVAL;
        quotas = changed;
        return request.Acknowledge();
    }

    private XenErrno DomainUsage(in Request request, uint domid)
    {
        if (!domains.TryGetValue(domid, out var domain)) return XenErrno.ENOENT;
        var (watched, open) = (0, 0);
        if (domid != 0) // the tools' sockets are not dom0's
        {
            foreach (var connection in ConnectionsOf(domain)) (watched, open) = (watched + connection.Watches.Count, open + connection.Transactions.Count);
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Domain {domid}:\n");
        foreach (var (name, number) in ((string, long)[])[("nodes", domain.NodeCount), ("watches", watched), ("transactions", open), ("outstanding", 0), ("memory", MemoryOf(domid))])
        {
            text.Append(CultureInfo.InvariantCulture, $"{name,-16}: {number,8}\n");
        }

        return Say(request, text.ToString());
    }

    // What the daemon would count. Nobody else asks, so it is counted when it is asked for.
    private long MemoryOf(uint domid)
    {
        long bytes = 0;
        for (var node = root; node is not null; node = After(node))
        {
            if (node.Owner == domid) bytes += node.RecordSize + node.Path.Length;
        }

        foreach (var connection in connections.Values)
        {
            if (connection.Domid != domid) continue;
            foreach (var watch in connection.Watches) bytes += watch.Node.Length + watch.Token.Length;
            foreach (var transaction in connection.Transactions) bytes += transaction.Memory;
        }

        return bytes;
    }
}
