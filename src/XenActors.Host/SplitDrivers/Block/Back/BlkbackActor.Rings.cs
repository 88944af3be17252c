using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>connect_ring: what the frontend wants is read and checked, every queue's ring is mapped and its channel bound; what arrives in its memory.</summary>
public partial class BlkbackActor
{
    /// <summary>The rings are mapped and their channels bound.</summary>
    protected virtual void Connect() => BeginPublish();

    private void ConnectRings()
    {
        if (!Drained && !Suffers(Defects.BlkbackToggleUsesRing))
        {
            Fatal($"{(int)XenErrno.EBUSY} pending I/O");
            return;
        }

        Disconnect();
        State.Step = BlkbackStep.RingKeys;
        Xs.Read(Context, Device.OtherPath("protocol"));
        Xs.Read(Context, Device.OtherPath("feature-persistent"));
        Xs.Read(Context, Device.OtherPath("multi-queue-num-queues"));
        Xs.Read(Context, Device.OtherPath("ring-page-order"));
        Xs.Read(Context, Device.Path("discard-enable"));
        Xs.Read(Context, Device.Path("removable"));
    }

    private void RingKeys()
    {
        var protocol = Xs.Text(Device.OtherPath("protocol"));
        if (BlkifLayout.Of(protocol) is not { } layout)
        {
            Fatal($"{(int)XenErrno.EINVAL} unknown fe protocol {protocol}");
            return;
        }

        State.Layout = layout == BlkifLayout.X86_32 ? BlkifLayoutKind.X86_32 : BlkifLayoutKind.X86_64;
        State.Persistent = Knows(BlkbackFeatures.Persistent) && Xs.Number(Device.OtherPath("feature-persistent")) is > 0;
        var queues = Xs.Number(Device.OtherPath("multi-queue-num-queues")) is >= 0 and <= uint.MaxValue and var wanted ? wanted : 1;
        var queuesMax = Offered("multi-queue-max-queues", 1);
        if (queues > queuesMax || queues == 0)
        {
            Fatal($"{(int)XenErrno.ENOSYS} guest requested {queues} queues, exceeding the maximum of {queuesMax}.");
            return;
        }

        var order = Xs.Number(Device.OtherPath("ring-page-order")) is >= 0 and <= uint.MaxValue and var given ? given : -1;
        var orderMax = Offered("max-ring-page-order", 0);
        if (order > orderMax)
        {
            Fatal($"{(int)XenErrno.EINVAL} requested ring page order {order} exceed max:{orderMax}");
            return;
        }

        State.MultiRef = order >= 0;
        State.RingPages = 1 << (int)Math.Max(order, 0);
        if (Knows(BlkbackFeatures.Queues))
        {
            var number = State.Layout == BlkifLayoutKind.X86_32 ? 2 : 1;
            var text = string.IsNullOrEmpty(protocol) ? "unspecified, assuming default" : protocol;
            Log($"xen-blkback: {Device.Node}: using {queues} queues, protocol {number} ({text}) {(State.Persistent ? "persistent grants" : "")}");
        }

        State.Rings.Clear();
        for (var queue = 0; queue < (int)queues; queue++)
        {
            State.Rings.Add(new BlkbackRing());
        }

        State.Step = BlkbackStep.RingRefs;
        for (var queue = 0; queue < (int)queues; queue++)
        {
            Xs.Read(Context, RingPath(queue, "event-channel"));
            for (var page = 0; page < State.RingPages; page++)
            {
                Xs.Read(Context, RingPath(queue, RefKey(page)));
            }
        }
    }

    /// <summary>What this host's backend has published as its limit; QEMU's keys are its own.</summary>
    protected virtual long Offered(string key, long otherwise)
    {
        foreach (var (name, value) in Driver.Keys.VbdProbe)
        {
            if (name == key && long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return otherwise;
    }

    private string RefKey(int page) => State.MultiRef ? $"ring-ref{page}" : "ring-ref";

    private string RingDirectory(int queue) => State.Rings.Count == 1 ? Device.Other : $"{Device.Other}/queue-{queue}";

    private string RingPath(int queue, string key) => $"{RingDirectory(queue)}/{key}";

    // read_per_ring_refs
    private void RingRefs()
    {
        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            var ring = State.Rings[queue];
            if (Xs.Number(RingPath(queue, "event-channel")) is not (>= 0 and <= uint.MaxValue and var port))
            {
                Unreadable(queue, "event-channel");
                return;
            }

            ring.Port = (uint)port;
            for (var page = 0; page < State.RingPages; page++)
            {
                if (Xs.Number(RingPath(queue, RefKey(page))) is not (>= 0 and <= uint.MaxValue and var reference))
                {
                    Unreadable(queue, RefKey(page));
                    return;
                }

                ring.RingRefs.Add((uint)reference);
            }
        }

        State.Step = BlkbackStep.Mapping;
        State.Attempt++;
        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            Work(Driver.Costs.MapBatch(State.Rings[queue].RingRefs.Count));
            Context.Tell(GuestGrants, new MapGrants(State.Rings[queue].RingRefs, false, RingCookie(queue)));
        }
    }

    private void Unreadable(int queue, string key)
    {
        var path = Knows(BlkbackFeatures.Queues) ? RingPath(queue, key) : $"{Device.Other}/ring-ref and event-channel";
        State.Rings.Clear();
        Fatal($"{(int)XenErrno.EINVAL} reading {path}");
    }

    private long RingCookie(int queue) => -1 - (((long)State.Attempt * QueuesMax) + queue);

    // More than any backend offers.
    private const int QueuesMax = 1 << 16;

    // xen_blkif_map
    private void RingMapped(MapGrantsResult m)
    {
        var queue = (int)((-1 - m.Cookie) % QueuesMax);
        if (State.Step != BlkbackStep.Mapping || queue >= State.Rings.Count || m.Cookie != RingCookie(queue))
        {
            GiveBackRing(m);
            return;
        }

        var ring = State.Rings[queue];
        if (m.Statuses.Exists(s => s != GnttabStatus.Okay))
        {
            GiveBackRing(m);
            NotMapped(ring, XenErrno.EINVAL);
            return;
        }

        ring.RingHandles = m.Handles;
        ring.Frontend = m.Owner;
        if (BackRing.Attach(m.Pages, Layout.RequestSize) is not { } shared)
        {
            NotMapped(ring, XenErrno.EIO);
            return;
        }

        shared.SkipsFinalCheck = Suffers(Defects.BlkbackNoFinalCheck);
        ring.Attach(shared);
        Context.Tell(Driver.EventChannels, new BindInterdomain(Device.OtherDomain, ring.Port, RingCookie(queue), LateEoi));
    }

    // Some of a ring's pages may have been mapped.
    private void GiveBackRing(MapGrantsResult m)
    {
        List<uint> handles = [];
        for (var i = 0; i < m.Statuses.Count; i++)
        {
            if (m.Statuses[i] == GnttabStatus.Okay)
            {
                handles.Add(m.Handles[i]);
            }
        }

        Release(handles);
    }

    public void On(in EvtchnBound m)
    {
        var queue = (int)((-1 - m.Cookie) % QueuesMax);
        if (State.Step != BlkbackStep.Mapping || queue >= State.Rings.Count || m.Cookie != RingCookie(queue))
        {
            Release([], m.Error == XenErrno.None ? m.Port : 0);
            return;
        }

        var ring = State.Rings[queue];
        if (m.Error != XenErrno.None)
        {
            NotMapped(ring, m.Error);
            return;
        }

        ring.Port = m.Port;
        ring.Bound = true;
        if (State.Rings.TrueForAll(r => r.Bound))
        {
            Connect();
        }
    }

    private void NotMapped(BlkbackRing ring, XenErrno error)
    {
        var (reference, port) = (ring.RingRefs[0], ring.Port);
        Disconnect();
        Fatal(Knows(BlkbackFeatures.Queues)
            ? $"{(int)error} mapping ring-ref port {Decimal(port)}"
            : $"{(int)error} mapping ring-ref {Decimal(reference)} port {Decimal(port)}");
    }

    /// <summary>xen_blkif_disconnect: all that the frontend gave goes back to it. What this end has written to a ring's pages stays in them.</summary>
    private void Disconnect()
    {
        DropRetries();
        foreach (var ring in State.Rings)
        {
            var handles = ring.Persistent.Clear();
            if (Suffers(Defects.BlkbackPersistentLeakOnTeardown))
            {
                handles.Clear();
            }

            foreach (var request in ring.Requests)
            {
                for (var i = 0; request.Phase != BlkbackPhase.Free && i < Math.Max(request.Segments, request.IndirectPages); i++)
                {
                    if (request.Mapped[i] == BlkbackMapping.Own)
                    {
                        handles.Add(request.Handles[i]);
                    }
                }
            }

            Release(handles, ring.Bound ? ring.Port : 0);
            if (ring.RingHandles.Count > 0)
            {
                Work(Driver.Costs.UnmapBatch(ring.RingHandles.Count));
                Context.Tell(GuestGrants, new UnmapGrants(ring.RingHandles, ring.Ring?.Page, NobodysCookie));
            }
        }

        State.Rings.Clear();
    }

    private BlkbackRing? RingOf(uint reference)
    {
        foreach (var ring in State.Rings)
        {
            if (ring.RingRefs.Count > 0 && ring.RingRefs[0] == reference)
            {
                return ring;
            }
        }

        return null;
    }

    public void On(in RequestsPublished m)
    {
        if (RingOf(m.Ring) is not { Ring: { } shared } ring || Sender != ring.Frontend)
        {
            return;
        }

        Take(ring, shared, m.Pages);
        if (shared.Arrive(in m) && ring.Bound)
        {
            Raise(ring);
        }
    }

    // What the ring that this driver has taken up held already.
    public void On(in RingRemembered m)
    {
        if (RingOf(m.Ring) is not { Ring: { } shared, InFlight: 0 } ring || Sender != ring.Frontend)
        {
            return;
        }

        Take(ring, shared, m.Pages);
        if (!shared.Adopt(in m))
        {
            ring.Halted = true;
        }
        else if (ring.Bound && shared.ReqProd != shared.ReqCons)
        {
            Raise(ring);
        }
    }

    private static void Take(BlkbackRing ring, BackRing shared, PageWrite[] pages)
    {
        // No more places than all of the ring's requests can have.
        var most = shared.Entries * (IndirectSegmentsMax + 1);
        foreach (ref readonly var page in pages.AsSpan())
        {
            ring.Persistent.Write(page.Ref, page.Offset, page.Bytes, most);
        }
    }

    private void Raise(BlkbackRing ring) =>
        Context.Tell(Driver.EventChannels, new RingEvent(ring.Port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu, hvm: false));

    // Both ends go on without this ring: there is nothing to agree about any more.
    private void Halted(BackRing ring)
    {
        var (produced, answered) = (ring.ReqProd, ring.RspProdPvt);
        Log($"xen-blkback: Frontend provided bogus ring requests ({AsInt(produced)} - {AsInt(answered)} = {AsInt(unchecked(produced - answered))}). "
            + $"Halting ring processing on dev={State.PhysicalDevice:x4}");
    }

    // As %d shows an index.
    private static int AsInt(uint value) => unchecked((int)value);
}
