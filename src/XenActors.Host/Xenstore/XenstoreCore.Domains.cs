using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// Domains: INTRODUCE, RELEASE, IS_DOMAIN_INTRODUCED, GET_DOMAIN_PATH, RESUME, SET_TARGET, CONTROL, and their lives as Xen tells them.
public sealed partial class XenstoreCore
{
    /// <summary>Xen made a domain: permissions that named an earlier one of its number are void from here on.</summary>
    public void DomainCreated(ushort domid)
    {
        var domain = Mention(domid);
        if (!domain.Introduced) domain.Generation = generation++;
    }

    /// <summary>An introduced domain shut down or crashed: @releaseDomain, once until RESUME.</summary>
    public void DomainShutdown(ushort domid, IXenstoreOutput output)
    {
        if (!domains.TryGetValue(domid, out var domain) || !domain.Introduced || domain.Shutdown) return;
        domain.Shutdown = true;
        PublishSpecial(output, XenstorePath.ReleaseDomain);
    }

    /// <summary>A domain is gone: its nodes are removed, and @releaseDomain is told if it had been introduced.</summary>
    public void DomainGone(ushort domid, IXenstoreOutput output)
    {
        if (domid != 0 && domains.TryGetValue(domid, out var domain)) Destroy(domain, output);
    }

    private StoreDomain Mention(uint domid)
    {
        if (domains.TryGetValue(domid, out var domain)) return domain;
        domain = new StoreDomain(domid, generation);
        domains.Add(domid, domain);
        return domain;
    }

    private void Destroy(StoreDomain domain, IXenstoreOutput output)
    {
        foreach (var connection in ConnectionsOf(domain)) Disconnect(connection.Id);
        if (domain.NodeCount > 0) RemoveOwned(new Scope(null, null, output), root, domain.Domid);
        domains.Remove(domain.Domid);
        if (!domain.Introduced) return;
        PublishSpecial(output, XenstorePath.ReleaseDomain);
        output.Released(new DomId((ushort)domain.Domid));
    }

    private List<Connection> ConnectionsOf(StoreDomain domain)
    {
        var found = new List<Connection>();
        foreach (var connection in connections.Values)
        {
            if (ReferenceEquals(connection.Domain, domain)) found.Add(connection);
        }

        return found;
    }

    private void RemoveOwned(in Scope scope, StoreNode node, uint domid)
    {
        if (node.Owner == domid && node.Parent is not null)
        {
            Remove(scope, node);
            return;
        }

        for (var child = node.FirstChild; child is not null;)
        {
            var next = child.Next; // the child may go
            RemoveOwned(scope, child, domid);
            child = next;
        }
    }

    private XenErrno Introduce(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var id) || !WirePayload.TryNext(ref rest, out var frame)
            || !WirePayload.TryNext(ref rest, out var channel)) return XenErrno.EINVAL;
        var (domid, port) = (CNumber.Leading(id), CNumber.Leading(channel));
        if (port is 0 or > int.MaxValue || domid >= DomId.FirstReserved.Value) return XenErrno.EINVAL;
        var domain = Mention(domid);
        var isNew = !domain.Introduced;
        domain.Introduced = true;
        if (isNew) PublishSpecial(request.Scope.Output, XenstorePath.IntroduceDomain);
        // An introduction starts the domain's connection afresh, also the second time.
        if (domid != 0)
        {
            foreach (var connection in ConnectionsOf(domain)) Reset(connection);
        }

        request.Scope.Output.Introduced(new DomId((ushort)domid), new Gfn(CNumber.Leading(frame)), new EvtchnPort(port));
        return request.Acknowledge();
    }

    // The one argument as a domain that was introduced and is not dom0.
    private StoreDomain? IntroducedDomain(ReadOnlySpan<byte> text, out XenErrno error)
    {
        var domid = CNumber.Leading(text);
        error = domid == 0 ? XenErrno.EINVAL : XenErrno.ENOENT;
        return domid != 0 && domains.TryGetValue(domid, out var domain) && domain.Introduced ? domain : null;
    }

    private XenErrno Release(in Request request)
    {
        if (!WirePayload.TryOne(request.Payload, out var text)) return XenErrno.EINVAL;
        if (IntroducedDomain(text, out var error) is not { } domain) return error;
        Destroy(domain, request.Scope.Output);
        return request.Acknowledge();
    }

    private XenErrno Resume(in Request request)
    {
        if (!WirePayload.TryOne(request.Payload, out var text)) return XenErrno.EINVAL;
        if (IntroducedDomain(text, out var error) is not { } domain) return error;
        domain.Shutdown = false;
        return request.Acknowledge();
    }

    private XenErrno SetTarget(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var id) || !WirePayload.TryNext(ref rest, out var targetId)) return XenErrno.EINVAL;
        if (IntroducedDomain(id, out var error) is not { } domain) return error;
        if (IntroducedDomain(targetId, out error) is not { } target) return error;
        domain.Target = target.Domid;
        return request.Acknowledge();
    }

    private XenErrno IsDomainIntroduced(in Request request)
    {
        if (!WirePayload.TryOne(request.Payload, out var text)) return XenErrno.EINVAL;
        var domid = CNumber.Leading(text);
        var introduced = domid == DomId.Self.Value || (domains.TryGetValue(domid, out var domain) && domain.Introduced);
        request.Reply(introduced ? "T\0"u8 : "F\0"u8);
        return XenErrno.None;
    }

    private static XenErrno GetDomainPath(in Request request)
    {
        if (!WirePayload.TryOne(request.Payload, out var text)) return XenErrno.EINVAL;
        var path = "/local/domain/" + CNumber.Leading(text).ToString(CultureInfo.InvariantCulture) + "\0";
        request.Reply(Encoding.Latin1.GetBytes(path));
        return XenErrno.None;
    }

    // Commands whose effect would lie outside the store are acknowledged and do nothing.
    private static XenErrno Control(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var command)) return XenErrno.EINVAL;
        if (command.SequenceEqual("help"u8))
        {
            request.Reply("check\t\nlog\ton|off\nprint\t<string>\nhelp\t\n\0"u8);
            return XenErrno.None;
        }

        var hasArgument = WirePayload.TryNext(ref rest, out var argument);
        var known = command.SequenceEqual("check"u8) && !hasArgument
            || command.SequenceEqual("print"u8) && hasArgument
            || command.SequenceEqual("log"u8) && (argument.SequenceEqual("on"u8) || argument.SequenceEqual("off"u8));
        return known ? request.Acknowledge() : XenErrno.EINVAL;
    }
}
