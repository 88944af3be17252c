using System.Text;
using XenActors.Abi;
using XenActors.Machine;

namespace XenActors.Xenstore;

// WATCH, UNWATCH, RESET_WATCHES, and who is told of what.
public sealed partial class XenstoreCore
{
    /// <summary>Whether a client has a watch with a token.</summary>
    internal bool HasWatch(int conn, ReadOnlySpan<byte> token)
    {
        if (!connections.TryGetValue(conn, out var connection)) return false;
        foreach (var watch in connection.Watches)
        {
            if (token.SequenceEqual(watch.Token)) return true;
        }

        return false;
    }

    private XenErrno AddWatch(in Request request)
    {
        if (!WirePayload.TryTwo(request.Payload, out var text, out var token)) return XenErrno.EINVAL;
        if (!TryWatchPath(request, text, out var path)) return XenErrno.EINVAL;
        var conn = request.Conn;
        if (watches.Find(conn, path, token) is not null) return XenErrno.EEXIST;
        if (!conn.Privileged && conn.Watches.Count > quotas.WatchesPerDomain) return XenErrno.E2BIG;
        var relative = text[0] is not ((byte)'/' or (byte)'@');
        var watch = new Watch(conn, path.ToString(), token.ToArray(), relative, nextOrder++);
        watches.Add(watch);
        conn.Watches.Add(watch);
        Onlooker?.WatchCreated(watch.Order);
        request.Acknowledge();
        // Fires once up front, so that a client needs no first look of its own.
        Tell(request.Scope.Output, watch, watch.Node);
        return XenErrno.None;
    }

    /// <summary>After a live update: each watch fires once, as when it was made, since its client cannot know what it has missed.</summary>
    public void FireAll(IXenstoreOutput output)
    {
        foreach (var connection in connections.Values)
        {
            foreach (var watch in connection.Watches) Tell(output, watch, watch.Node);
        }
    }

    private XenErrno Unwatch(in Request request)
    {
        if (!WirePayload.TryTwo(request.Payload, out var text, out var token)) return XenErrno.EINVAL;
        TryWatchPath(request, text, out var path); // what no watch can have, none has
        if (watches.Find(request.Conn, path, token) is not { } watch) return XenErrno.ENOENT;
        watches.Remove(watch);
        request.Conn.Watches.Remove(watch);
        Onlooker?.WatchDestroyed(watch.Order);
        return request.Acknowledge();
    }

    private XenErrno ResetWatches(in Request request)
    {
        Reset(request.Conn); // a fresh kernel's first word: open transactions go too
        return request.Acknowledge();
    }

    private bool TryWatchPath(in Request request, ReadOnlySpan<byte> text, out ReadOnlySpan<char> path)
    {
        if (text.Length == 0 || text[0] != (byte)'@') return TryPath(request, text, out path);
        path = pathBuffer.AsSpan(0, Encoding.Latin1.GetChars(text, pathBuffer));
        return text.Length <= XenstoreLimits.RelPathMax;
    }

    // Inside a transaction an event waits for the commit; one that all above shall hear stays so when the node is removed with its parent.
    private void Fire(in Scope scope, NodeRecord node, bool exact, XenstorePermission[]? before)
    {
        if (node is AccessedNode copy) (copy.Fires, copy.FiresExactly) = (true, exact && (!copy.Fires || copy.FiresExactly));
        else Publish(scope.Output, node.Path, node, exact, before, node.Generation);
    }

    private void Publish(
        IXenstoreOutput output, string path, NodeRecord? node, bool exact, XenstorePermission[]? before, ulong since)
    {
        Onlooker?.Changed(path, exact);
        watches.Collect(path, exact, hits);
        Watch? previous = null;
        foreach (var watch in hits)
        {
            if (!MayHear(watch.Connection, path, node, before, since) || IsSame(watch, previous)) continue;
            Tell(output, watch, path);
            previous = watch;
        }
    }

    // Two watches of one client with one token would tell it the same twice.
    private bool IsSame(Watch watch, Watch? previous)
    {
        if (previous is null || !ReferenceEquals(watch.Connection, previous.Connection)) return false;
        foreach (var other in hits)
        {
            if (ReferenceEquals(other, watch)) return false;
            if (ReferenceEquals(other.Connection, watch.Connection) && other.Relative == watch.Relative
                && other.Token.AsSpan().SequenceEqual(watch.Token)) return true;
        }

        return false;
    }

    // A client hears of what it could read before, can read now, or could list in the parent.
    private bool MayHear(Connection conn, string path, NodeRecord? node, XenstorePermission[]? before, ulong since)
    {
        if (Has(Defects.XenstoredWatchLeaksUnreadable)) return true;
        if (before is not null && (AccessOf(conn, before, since) & XenstoreAccess.Read) != 0) return true;
        node ??= nodes.Find(path);
        if (node is null) return false;
        if ((AccessOf(conn, node) & XenstoreAccess.Read) != 0) return true;
        return nodes.Find(XenstorePath.Parent(path)) is { } parent && (AccessOf(conn, parent) & XenstoreAccess.Read) != 0;
    }

    private void PublishSpecial(IXenstoreOutput output, string name)
    {
        Onlooker?.Changed(name, true);
        watches.Collect(name, true, hits);
        foreach (var watch in hits)
        {
            if ((AccessOf(watch.Connection, specialPerms[SpecialIndex(name)], ulong.MaxValue) & XenstoreAccess.Read) != 0) Tell(output, watch, name);
        }
    }

    private static int SpecialIndex(string name) => name == XenstorePath.IntroduceDomain ? 0 : 1;

    private XenErrno SetSpecialPerms(in Request request, ReadOnlySpan<byte> name, XenstorePermission[] perms)
    {
        var index = name.SequenceEqual("@introduceDomain"u8) ? 0 : name.SequenceEqual("@releaseDomain"u8) ? 1 : -1;
        if (index < 0) return XenErrno.EINVAL;
        if (AccessOf(request.Conn, specialPerms[index], ulong.MaxValue) != XenstoreAccess.All) return XenErrno.EACCES;
        specialPerms[index] = perms;
        return request.Acknowledge();
    }

    private void Tell(IXenstoreOutput output, Watch watch, string path)
    {
        var told = watch.Told(path);
        if (told.Length + watch.Token.Length + 2 > XenstoreLimits.PayloadMax) return;
        var length = Encoding.Latin1.GetBytes(told, eventBuffer);
        var bytes = eventBuffer.AsSpan(0, length);
        if (path[0] != '@' && !Has(Defects.XenstoredWatchNoMerge) && output.IsPending(watch.Connection.Id, bytes, watch.Token)) return;
        output.WatchEvent(watch.Connection.Id, bytes, watch.Token);
    }
}
