using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary>
/// What a tool of dom0's that watches from the beginning is told of a store's whole history. It looks on instead of connecting, so that
/// the history is the same without it.
/// </summary>
/// <param name="core">The store.</param>
/// <param name="run">Runs the history; called once, when the first event after the watches' own is asked for.</param>
public sealed class WatchingConnection(XenstoreCore core, Action run) : IXenstoreConnection, IXenstoreOnlooker
{
    private const string Home = "/local/domain/0";

    // It says what is a path, and tells a watch's first event.
    private readonly CoreConnection judge = new(new XenstoreCore());
    private readonly List<(string Node, string Token, bool Relative)> watches = [];
    private readonly Queue<XsWatchEvent> events = new();
    private bool hasRun;

    public XsAnswer Ask(XsWireType type, uint txId, ReadOnlySpan<byte> payload)
    {
        if (type != XsWireType.Watch) return new(XenErrno.ENOSYS, null);
        var answer = judge.Ask(type, txId, payload);
        if (answer.Error != XenErrno.None) return answer;
        var texts = Encoding.Latin1.GetString(payload).Split('\0');
        var relative = texts[0][0] is not ('/' or '@');
        watches.Add((relative ? $"{Home}/{texts[0]}" : texts[0], texts[1], relative));
        events.Enqueue(judge.NextEvent()!.Value);
        return answer;
    }

    public XsWatchEvent? NextEvent()
    {
        if (events.TryDequeue(out var next)) return next;
        if (hasRun) return null;
        hasRun = true;
        core.Onlooker = this;
        run();
        core.Onlooker = null;
        return NextEvent();
    }

    void IXenstoreOnlooker.Changed(string path, bool exact)
    {
        foreach (var (node, token, relative) in watches)
        {
            if (!Hears(node, path, exact)) continue;
            var told = relative ? path[Home.Length..].TrimStart('/') : path;
            if (told.Length + token.Length + 2 <= XenstoreLimits.PayloadMax) events.Enqueue(new(told, token));
        }
    }

    private static bool Hears(string node, string path, bool exact)
    {
        if (node == path) return true;
        if (exact || path[0] == '@') return false;
        return node == "/" || (path.Length > node.Length && path[node.Length] == '/' && path.StartsWith(node, StringComparison.Ordinal));
    }
}
