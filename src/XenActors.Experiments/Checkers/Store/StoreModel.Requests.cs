using System.Text;
using XenActors.Abi;

namespace XenActors.Experiments.Checkers.Store;

// One request after the other.
internal sealed partial class StoreModel
{
    /// <summary>Whether the model knows what a request does to the tree and what it answers.</summary>
    public static bool IsAboutNodes(XsWireType type) => type is XsWireType.Read or XsWireType.Write or XsWireType.Mkdir or XsWireType.Rm
        or XsWireType.Directory or XsWireType.DirectoryPart or XsWireType.GetPerms or XsWireType.SetPerms;

    /// <summary>Does it, and says what the answer is. What it changed stands in <see cref="Changes"/>.</summary>
    public ModelAnswer Do(ModelClient client, XsWireType type, ReadOnlySpan<byte> payload)
    {
        var end = payload.IndexOf((byte)0);
        var only = type is XsWireType.Write or XsWireType.SetPerms or XsWireType.DirectoryPart || end == payload.Length - 1;
        if (end < 0 || !only)
        {
            return XenErrno.EINVAL;
        }

        var rest = payload[(end + 1)..];
        if (type == XsWireType.SetPerms)
        {
            return SetPermissions(client, payload[..end], rest);
        }

        if (!TryPath(client, payload[..end], out var path))
        {
            return XenErrno.EINVAL;
        }

        return type switch
        {
            XsWireType.Read => Read(client, path),
            XsWireType.Directory => List(client, path),
            XsWireType.DirectoryPart => Allowed(client, path, write: false, owner: false),
            XsWireType.GetPerms => Permissions(client, path),
            XsWireType.Write => Write(client, path, rest),
            XsWireType.Mkdir => Make(client, path),
            _ => Remove(client, path),
        };
    }

    private ModelAnswer Read(ModelClient client, ReadOnlySpan<char> path)
    {
        var error = Allowed(client, path, write: false, owner: false);
        return error == XenErrno.None ? new ModelAnswer(error, Find(path)!.Value) : error;
    }

    // What is missing is ENOENT only to those who have the same right to the nearest node above it.
    private XenErrno Allowed(ModelClient client, ReadOnlySpan<char> path, bool write, bool owner)
    {
        if (Find(path) is { } node)
        {
            var access = Access(client, node.Permissions);
            return (write ? access.Write : access.Read) && (!owner || access.Owner) ? XenErrno.None : XenErrno.EACCES;
        }

        var above = Access(client, NearestAbove(path));
        return (write ? above.Write : above.Read) && (!owner || above.Owner) ? XenErrno.ENOENT : XenErrno.EACCES;
    }

    private ModelAnswer List(ModelClient client, ReadOnlySpan<char> path)
    {
        var error = Allowed(client, path, write: false, owner: false);
        if (error != XenErrno.None)
        {
            return error;
        }

        var list = Find(path)!.List();
        return list.Length > XenstoreLimits.PayloadMax ? XenErrno.E2BIG : new ModelAnswer(XenErrno.None, list);
    }

    private ModelAnswer Permissions(ModelClient client, ReadOnlySpan<char> path)
    {
        var error = Allowed(client, path, write: false, owner: false);
        if (error != XenErrno.None)
        {
            return error;
        }

        var text = new StringBuilder();
        foreach (var permission in Find(path)!.Permissions)
        {
            text.Append(permission.Letter).Append(permission.Domain).Append('\0');
        }

        return new(XenErrno.None, Encoding.Latin1.GetBytes(text.ToString()));
    }

    private ModelAnswer Write(ModelClient client, ReadOnlySpan<char> path, ReadOnlySpan<byte> value)
    {
        var error = Allowed(client, path, write: true, owner: false);
        if (error is not (XenErrno.None or XenErrno.ENOENT))
        {
            return error;
        }

        var before = Find(path)?.Permissions;
        var node = Find(path) ?? Create(client, path.ToString());
        node.Value = value.ToArray();
        node.Changed = Number;
        Changes.Add(new(node.Path, false, before, node.Permissions, node.Parent?.Permissions ?? node.Permissions));
        return ModelAnswer.Ok;
    }

    private ModelAnswer Make(ModelClient client, ReadOnlySpan<char> path)
    {
        var error = Allowed(client, path, write: true, owner: false);
        if (error == XenErrno.ENOENT)
        {
            var node = Create(client, path.ToString());
            Changes.Add(new(node.Path, false, null, node.Permissions, node.Parent!.Permissions));
            return ModelAnswer.Ok;
        }

        return error;
    }

    private ModelAnswer Remove(ModelClient client, ReadOnlySpan<char> path)
    {
        var error = Allowed(client, path, write: true, owner: false);
        if (error == XenErrno.ENOENT)
        {
            // What is not there is as good as removed, if it could be there.
            return Find(Above(path)) is null ? XenErrno.ENOENT : ModelAnswer.Ok;
        }

        if (error != XenErrno.None || path.Length == 1)
        {
            return error == XenErrno.None ? XenErrno.EINVAL : error;
        }

        Remove(Find(path)!);
        return ModelAnswer.Ok;
    }

    private ModelAnswer SetPermissions(ModelClient client, ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest)
    {
        List<ModelPermission> permissions = [];
        while (rest.IndexOf((byte)0) is >= 0 and var end)
        {
            if (!TryPermission(rest[..end], out var permission))
            {
                return XenErrno.EINVAL;
            }

            permissions.Add(permission);
            rest = rest[(end + 1)..];
        }

        if (permissions.Count == 0)
        {
            return XenErrno.EINVAL;
        }

        if (text.Length > 0 && text[0] == '@')
        {
            return client.Privileged ? ModelAnswer.Ok : XenErrno.EACCES;
        }

        if (!TryPath(client, text, out var path))
        {
            return XenErrno.EINVAL;
        }

        var error = Allowed(client, path, write: true, owner: true);
        if (error != XenErrno.None)
        {
            return error;
        }

        var node = Find(path)!;
        if (!client.Privileged && permissions[0].Domain != node.Owner)
        {
            return XenErrno.EPERM;
        }

        var before = node.Permissions;
        Count(node.Owner, -1);
        node.Permissions = [.. permissions];
        node.Changed = Number;
        Count(node.Owner, 1);
        Changes.Add(new(node.Path, false, before, node.Permissions, node.Parent?.Permissions ?? node.Permissions));
        return ModelAnswer.Ok;
    }

    private static bool TryPermission(ReadOnlySpan<byte> text, out ModelPermission permission)
    {
        permission = default;
        if (text.Length < 2 || !uint.TryParse(text[1..], System.Globalization.CultureInfo.InvariantCulture, out var domain))
        {
            return false;
        }

        var (read, write) = (text[0] is (byte)'r' or (byte)'b', text[0] is (byte)'w' or (byte)'b');
        permission = new(domain, read, write, false);
        return read || write || text[0] == 'n';
    }

    // With what is missing above it; each takes the permissions of the one above, and a guest owns what it makes.
    private ModelNode Create(ModelClient client, string path)
    {
        var above = Above(path);
        var parent = Find(above) ?? Create(client, above.ToString());
        var permissions = parent.Permissions;
        if (!client.Privileged && permissions[0].Domain != client.Domain)
        {
            permissions = [.. permissions];
            permissions[0] = permissions[0] with { Domain = client.Domain };
        }

        return Add(parent, path, permissions);
    }
}
