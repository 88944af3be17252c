using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// READ, WRITE, MKDIR, RM, DIRECTORY, DIRECTORY_PART, GET_PERMS and SET_PERMS.
public sealed partial class XenstoreCore
{
    private NodeRecord? Named(in Request request, XenstoreAccess need, out ReadOnlySpan<char> path, out XenErrno error)
    {
        path = default;
        error = XenErrno.EINVAL;
        if (!WirePayload.TryOne(request.Payload, out var text) || !TryPath(request, text, out path)) return null;
        return GetNode(request.Scope, path, need, out error);
    }

    private XenErrno Read(in Request request)
    {
        var node = Named(request, XenstoreAccess.Read, out _, out var error);
        if (node is null) return error;
        request.Reply(node.Value);
        return XenErrno.None;
    }

    private XenErrno Write(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var text) || !TryPath(request, text, out var path)) return XenErrno.EINVAL;
        var value = rest.ToArray();
        var node = GetNode(request.Scope, path, XenstoreAccess.Write, out var error);
        if (node is not null) error = Update(request.Scope, node, value, Current(node));
        else if (error == XenErrno.ENOENT) error = Create(request.Scope, path.ToString(), value, out node);
        if (error != XenErrno.None) return error;
        if (request.Scope.Tx is null) request.Scope.Output.Changed(node!.Path, true, value);
        Fire(request.Scope, node!, false, null);
        return request.Acknowledge();
    }

    private XenErrno Mkdir(in Request request)
    {
        var node = Named(request, XenstoreAccess.Write, out var path, out var error);
        if (node is not null) return request.Acknowledge();
        if (error != XenErrno.ENOENT) return error;
        error = Create(request.Scope, path.ToString(), [], out node);
        if (error != XenErrno.None) return error;
        Fire(request.Scope, node!, false, null);
        return request.Acknowledge();
    }

    private XenErrno Rm(in Request request)
    {
        var node = Named(request, XenstoreAccess.Write, out var path, out var error);
        if (node is null)
        {
            // What is not there is as good as removed, if it could be there.
            if (error != XenErrno.ENOENT) return error;
            var parent = ReadNode(request.Scope, XenstorePath.Parent(path), out error);
            return parent is null ? error : request.Acknowledge();
        }

        if (path.Length == 1) return XenErrno.EINVAL;
        error = Remove(request.Scope, node);
        return error == XenErrno.None ? request.Acknowledge() : error;
    }

    private XenErrno ListDirectory(in Request request)
    {
        var node = Named(request, XenstoreAccess.Read, out _, out var error);
        if (node is null) return error;
        if (node.ChildBytes > XenstoreLimits.PayloadMax) return XenErrno.E2BIG;
        request.Reply(ChildList(node));
        return XenErrno.None;
    }

    private XenErrno ListDirectoryPart(in Request request)
    {
        if (!WirePayload.TryTwo(request.Payload, out var text, out var number)) return XenErrno.EINVAL;
        if (!TryPath(request, text, out var path)) return XenErrno.EINVAL;
        var node = GetNode(request.Scope, path, XenstoreAccess.Read, out var error);
        if (node is null) return error;
        var head = Encoding.Latin1.GetBytes(node.Generation.ToString(CultureInfo.InvariantCulture) + "\0");
        var offset = CNumber.Leading(number);
        request.Reply(offset >= (uint)node.ChildBytes ? [.. head, 0] : Part(head, ChildList(node).AsSpan((int)offset)));
        return XenErrno.None;
    }

    // As many whole names as fit behind the generation; the last part ends with one more NUL.
    private static byte[] Part(byte[] head, ReadOnlySpan<byte> names)
    {
        var room = XenstoreLimits.PayloadMax - head.Length - 1;
        var length = 0;
        while (length < names.Length)
        {
            var name = names[length..].IndexOf((byte)0);
            if (length + name >= room) break;
            length += name + 1;
        }

        return length == names.Length ? [.. head, .. names, 0] : [.. head, .. names[..length]];
    }

    private static byte[] ChildList(NodeRecord node)
    {
        if (node is StoreNode { Listing: { } kept }) return kept;
        var list = node.ChildBytes == 0 ? [] : new byte[node.ChildBytes];
        var at = 0;
        if (node is StoreNode live)
        {
            for (var child = live.FirstChild; child is not null; child = child.Next) at = Put(list, at, child.Name);
            live.Listing = list;
        }
        else
        {
            foreach (var name in ((AccessedNode)node).ChildNames()) at = Put(list, at, name);
        }

        return list;
    }

    private static int Put(byte[] list, int at, ReadOnlySpan<char> name) => at + Encoding.Latin1.GetBytes(name, list.AsSpan(at)) + 1;

    private XenErrno GetPerms(in Request request)
    {
        var node = Named(request, XenstoreAccess.Read, out _, out var error);
        if (node is null) return error;
        var text = new StringBuilder();
        foreach (var permission in node.Perms) text.Append(permission.ToString()).Append('\0');
        request.Reply(Encoding.Latin1.GetBytes(text.ToString()));
        return XenErrno.None;
    }

    private XenErrno SetPerms(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var text)) return XenErrno.EINVAL;
        var error = ParsePerms(request.Scope, rest, out var perms);
        if (error != XenErrno.None) return error;
        if (text.Length > 0 && text[0] == (byte)'@') return SetSpecialPerms(request, text, perms);
        if (!TryPath(request, text, out var path)) return XenErrno.EINVAL;
        var node = GetNode(request.Scope, path, XenstoreAccess.Write | XenstoreAccess.Owner, out error);
        if (node is null) return error;
        if (!request.Scope.Privileged && perms[0].Domid != node.Owner) return XenErrno.EPERM;
        var (before, owner) = (Current(node), node.Owner);
        error = Update(request.Scope, node, node.Value, perms);
        if (error != XenErrno.None) return error;
        Count(request.Scope.Tx, owner, -1);
        Count(request.Scope.Tx, node.Owner, 1);
        Fire(request.Scope, node, false, before);
        return request.Acknowledge();
    }

    private XenErrno ParsePerms(in Scope scope, ReadOnlySpan<byte> rest, out XenstorePermission[] perms)
    {
        perms = [];
        var list = new List<XenstorePermission>();
        var wellFormed = true;
        while (WirePayload.TryNext(ref rest, out var text))
        {
            wellFormed &= XenstorePermission.TryParse(text, out var permission);
            list.Add(permission);
        }

        if (list.Count == 0) return XenErrno.EINVAL;
        if (!scope.Privileged && list.Count > quotas.PermissionsPerNode) return XenErrno.ENOSPC;
        if (!wellFormed) return XenErrno.EINVAL;
        // A toolstack names a domain before it introduces it. What does not exist is listed and granted nothing.
        for (var i = 0; i < list.Count; i++) list[i] = list[i] with { Stale = !TryMention(list[i].Domid) };
        perms = [.. list];
        return perms[0].Stale ? XenErrno.ENOENT : XenErrno.None;
    }
}
