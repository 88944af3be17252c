using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// INTRODUCE, RELEASE, IS_DOMAIN_INTRODUCED, GET_DOMAIN_PATH, RESUME and SET_TARGET.
public sealed partial class XenstoreCore
{
    private XenErrno Introduce(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var id) || !WirePayload.TryNext(ref rest, out var frame)
            || !WirePayload.TryNext(ref rest, out var channel)) return XenErrno.EINVAL;
        var (domid, port) = (CNumber.Leading(id), CNumber.Leading(channel));
        if (port == 0 || domid >= DomId.FirstReserved.Value) return XenErrno.EINVAL;
        var (ring, evtchn) = (new Gfn(CNumber.Leading(frame)), new EvtchnPort(port));
        if (!domains.TryGetValue(domid, out var domain) || !domain.Introduced)
        {
            // The ring of what is not there, or not for long, cannot be mapped.
            if (LifeOf(domid) is DomainLife.Gone or DomainLife.Dying) return XenErrno.EINVAL;
            var refusal = request.Scope.Output.Introducing(new DomId((ushort)domid), ring, evtchn);
            if (refusal != XenErrno.None) return refusal;
            domain = Mention(domid);
            (domain.Introduced, domain.IntroducedOrder) = (true, nextOrder++);
            PublishSpecial(request.Scope.Output, XenstorePath.IntroduceDomain);
        }

        // An introduction starts the domain's connection afresh, also the second time.
        if (domid != 0)
        {
            foreach (var connection in ConnectionsOf(domain)) Reset(connection);
        }

        request.Scope.Output.Introduced(new DomId((ushort)domid), ring, evtchn);
        return request.Acknowledge();
    }

    private StoreDomain? IntroducedDomain(uint domid) => domains.TryGetValue(domid, out var domain) && domain.Introduced ? domain : null;

    // The one argument as a domain that was introduced and is not dom0.
    private StoreDomain? IntroducedGuest(in Request request, out XenErrno error)
    {
        error = XenErrno.EINVAL;
        if (!WirePayload.TryOne(request.Payload, out var text)) return null;
        var domid = CNumber.Leading(text);
        if (domid == 0) return null;
        error = XenErrno.ENOENT;
        return IntroducedDomain(domid);
    }

    private XenErrno Release(in Request request)
    {
        if (IntroducedGuest(request, out var error) is not { } domain) return error;
        // The daemon goes round its connections. The one whose turn is next is only let go of when its turn comes: after the reply.
        var isNext = StandsNext(domain, request.Conn.Order);
        if (!isNext) Destroy(domain, request.Scope.Output);
        request.Acknowledge();
        if (isNext) Destroy(domain, request.Scope.Output);
        return XenErrno.None;
    }

    private bool StandsNext(StoreDomain domain, ulong after)
    {
        if (domain.IntroducedOrder < after) return false;
        foreach (var connection in connections.Values)
        {
            if (connection.Order > after && connection.Order < domain.IntroducedOrder) return false;
        }

        foreach (var other in domains.Values)
        {
            if (other.Introduced && other.IntroducedOrder > after && other.IntroducedOrder < domain.IntroducedOrder) return false;
        }

        return true;
    }

    private XenErrno Resume(in Request request)
    {
        if (IntroducedGuest(request, out var error) is not { } domain) return error;
        domain.Shutdown = false;
        return request.Acknowledge();
    }

    private XenErrno SetTarget(in Request request)
    {
        var rest = request.Payload;
        if (!WirePayload.TryNext(ref rest, out var id) || !WirePayload.TryNext(ref rest, out var targetId)) return XenErrno.EINVAL;
        if (IntroducedDomain(CNumber.Leading(id)) is not { } domain) return XenErrno.ENOENT;
        if (IntroducedDomain(CNumber.Leading(targetId)) is not { } target) return XenErrno.ENOENT;
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
}
