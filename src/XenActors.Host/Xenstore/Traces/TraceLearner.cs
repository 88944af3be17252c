using System.Globalization;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>
/// Finds out what there was before a trace began: what a reply tells of a node that the trace has not changed until then was so from the
/// beginning.
/// </summary>
internal sealed class TraceLearner
{
    private readonly TraceBeginning beginning;
    private readonly TraceTouches touches = new();
    private readonly SortedDictionary<string, ushort> connections = new(StringComparer.Ordinal);
    private readonly SortedSet<string> begun = new(StringComparer.Ordinal);
    private readonly SortedSet<string> watched = new(StringComparer.Ordinal);
    private readonly SortedSet<ushort> introduced = [];
    private ushort introducing;

    private TraceLearner(TraceBeginning beginning) => this.beginning = beginning;

    /// <summary>Adds what the trace tells to what is known.</summary>
    public static void Learn(IReadOnlyList<TraceEntry> trace, TraceBeginning beginning)
    {
        TraceDomains.Find(trace, beginning);
        var learner = new TraceLearner(beginning);
        foreach (var entry in trace) learner.Take(entry);
    }

    private void Take(TraceEntry entry)
    {
        switch (entry.Kind)
        {
            case TraceKind.Created:
                begun.Add(entry.Connection);
                connections[entry.Connection] = introducing;
                touches.End(entry.Connection, false);
                break;
            case TraceKind.In:
                introducing = entry.Type == XsWireType.Introduce ? TraceDomains.Introduced(entry.Text) : (ushort)0;
                if (entry.Partner is { } reply) Answered(entry, reply);
                break;
            case TraceKind.Out when entry.IsReply:
                introducing = 0;
                break;
        }
    }

    private void Answered(TraceEntry request, TraceEntry reply)
    {
        var (text, rest) = TracePayload.Split(request.Text);
        var conn = request.Connection;
        switch (request.Type)
        {
            case XsWireType.TransactionStart:
                if (reply.Error is null) touches.Begin(conn);
                return;
            case XsWireType.TransactionEnd:
                touches.End(conn, reply.Error is null && text == "T");
                return;
            case XsWireType.Introduce when reply.Error is null:
                introduced.Add(TraceDomains.Introduced(text));
                return;
            case XsWireType.Release or XsWireType.Resume or XsWireType.SetTarget when reply.Error is null:
            case XsWireType.IsDomainIntroduced when reply.Text == "T ":
                Existed(text);
                if (request.Type == XsWireType.SetTarget) Existed(rest);
                return;
            case XsWireType.Watch or XsWireType.Unwatch when text.Length > 0:
                Watched(request, reply);
                return;
        }

        if (request.Type is null || beginning.Complete || text.Length == 0 || text[0] == '@') return;
        var path = text[0] == '/' ? text : string.Create(CultureInfo.InvariantCulture, $"/local/domain/{Domain(conn)}/{text}");
        if (XenstorePath.IsValid(path, XenstoreLimits.RelPathMax)) About(path, request, reply);
    }

    private void About(string path, TraceEntry request, TraceEntry reply)
    {
        var conn = request.Connection;
        if (reply.Error is not null) return;
        var isGuest = Domain(conn) != 0 && !touches.Node(conn, path);
        switch (request.Type)
        {
            case XsWireType.Read:
                if (!touches.Node(conn, path)) beginning.Learn(path, reply.Text);
                break;
            case XsWireType.Directory:
                LearnChildren(conn, path, TracePayload.Strings(reply.Text));
                break;
            case XsWireType.GetPerms:
                if (!touches.Permissions(conn, path) && !touches.Node(conn, path)) beginning.Learn(path, null, TracePayload.Strings(reply.Text));
                break;
            case XsWireType.SetPerms:
                if (!touches.Node(conn, path)) beginning.Learn(path);
                touches.Touch(conn, XsWireType.SetPerms, path);
                break;
            case XsWireType.Rm:
                // It is an error below what is not there.
                var parent = XenstorePath.Parent(path).ToString();
                if (!touches.Node(conn, parent)) beginning.Learn(parent);
                touches.Touch(conn, XsWireType.Rm, path);
                break;
            case XsWireType.Write or XsWireType.Mkdir:
                // It may have made what is missing above, too.
                if (isGuest && !beginning.Has(path) && XenstorePath.Parent(path).ToString() is var above && !touches.Node(conn, above)) beginning.Learn(above);
                if (isGuest) beginning.LearnAccess(path, true);
                for (var at = path; at.Length > 1 && !touches.Made(conn, at) && (at == path || touches.Node(conn, at) || !beginning.Has(at)); at = XenstorePath.Parent(at).ToString())
                {
                    touches.Touch(conn, XsWireType.Write, at);
                }

                return;
        }

        if (isGuest && beginning.Has(path)) beginning.LearnAccess(path, true);
    }

    // What the trace did not make was there, also what it has removed: a transaction may still list it. What it made stands behind.
    private void LearnChildren(string conn, string path, string[] names)
    {
        if (!touches.Node(conn, path)) beginning.Learn(path);
        var last = Array.FindLastIndex(names, n => !touches.Made(conn, XenstorePath.Child(path, n)));
        if (last >= 0) beginning.LearnChildren(path, names.Take(last + 1));
    }

    private void Watched(TraceEntry request, TraceEntry reply)
    {
        var key = $"{request.Connection} {request.Text}";
        if (!begun.Contains(request.Connection) && !watched.Contains(key)
            && (request.Type == XsWireType.Unwatch ? reply.Error is null : reply.Error == "EEXIST"))
        {
            var (path, token) = TracePayload.Split(request.Text);
            beginning.Watches.Add((request.Connection, path, token.EndsWith(' ') ? token[..^1] : token));
        }

        watched.Add(key);
    }

    private void Existed(string text)
    {
        var domid = TraceDomains.Introduced(text);
        if (domid != 0 && !introduced.Contains(domid)) beginning.Introduced.Add(domid);
    }

    private ushort Domain(string conn) => connections.TryGetValue(conn, out var domid) ? domid : beginning.Domains.GetValueOrDefault(conn);
}
