using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Hypervisor.EventChannels;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>The connection: rings are made and published (talk_to_blkback), lost and made anew (blkfront_resume), and given back (blkif_free).</summary>
public sealed partial class BlkfrontActor
{
    // The smaller of what both ends can: pages of a ring, rings of a disk.
    private void MakeRings()
    {
        var profile = Driver.Profile;
        var order = (int)Math.Clamp(
            Math.Min(Xs.Number(Device.OtherPath("max-ring-page-order")) ?? 0, profile.Number("blkfront-max-ring-page-order", 0)), 0, RingOrderMax);
        var queues = Math.Min(
            Xs.Number(Device.OtherPath("multi-queue-max-queues")) ?? 1, Math.Min(profile.Number("blkfront-max-queues", 1), Driver.Vcpus));
        State.Rings.Clear();
        for (var queue = 0; queue < Math.Max(1, (int)queues); queue++)
        {
            var ring = FrontRing.Create(Layout.RequestSize, 1 << order);
            ring.SkipsFinalCheck = Suffers(Defects.BlkfrontNoFinalCheck);
            State.Rings.Add(BlkfrontRing.Create(ring, State.Features.Segments, State.Features.IndirectPages));
        }

        State.Step = BlkfrontStep.Resources;
        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            Grant(State.Rings[queue].Ring.Page, readOnly: false, shared: true, Cookie(BlkfrontAsk.Ring, queue, 0));
        }
    }

    // XENBUS_MAX_RING_GRANT_ORDER
    private const int RingOrderMax = 4;

    private void RingGranted(int queue, List<uint> refs)
    {
        if (State.Step != BlkfrontStep.Resources)
        {
            LetGo(refs);
            return;
        }

        if (refs.Count == 0)
        {
            NoResources($"{(int)XenErrno.ENOSPC} granting access to ring page");
            return;
        }

        State.Rings[queue].RingRefs = refs;
        AllocatePort(Cookie(BlkfrontAsk.Ring, queue, 0), State.LateEoi);
    }

    public void On(in EvtchnAllocated m)
    {
        if (State.Step != BlkfrontStep.Resources || AskOf(m.Cookie) != BlkfrontAsk.Ring)
        {
            if (m.Error == XenErrno.None)
            {
                Context.Tell(Driver.EventChannels, new CloseEvent(m.Port));
            }

            return;
        }

        if (m.Error != XenErrno.None)
        {
            NoResources($"{(int)m.Error} allocating event channel");
            return;
        }

        State.Rings[QueueOf(m.Cookie)].Port = m.Port;
        if (State.Rings.TrueForAll(r => r.Port != 0))
        {
            BeginPublish();
        }
    }

    private void NoResources(string text)
    {
        State.Step = BlkfrontStep.Settled;
        FreeRings();
        Fail(text);
    }

    // talk_to_blkback: one page and one queue are written as they were before there were several.
    protected override void WriteKeys()
    {
        var pages = State.Rings[0].RingRefs.Count;
        if (pages > 1)
        {
            Xs.Write(Context, Device.Path("ring-page-order"), Decimal(System.Numerics.BitOperations.Log2((uint)pages)));
        }

        if (State.Rings.Count > 1)
        {
            Xs.Write(Context, Device.Path("multi-queue-num-queues"), Decimal(State.Rings.Count));
        }

        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            var directory = State.Rings.Count > 1 ? $"queue-{queue}/" : "";
            var ring = State.Rings[queue];
            for (var page = 0; page < pages; page++)
            {
                Xs.Write(Context, Device.Path(directory + (pages > 1 ? $"ring-ref{page}" : "ring-ref")), Decimal(ring.RingRefs[page]));
            }

            Xs.Write(Context, Device.Path(directory + "event-channel"), Decimal(ring.Port));
        }

        Xs.Write(Context, Device.Path("protocol"), Layout.Protocol);
        if (Driver.Profile.Has("blkfront-feature-persistent"))
        {
            Xs.Write(Context, Device.Path("feature-persistent"), "1");
        }
    }

    /// <summary>The domain was suspended: all that was in flight goes again to whatever backend there is now.</summary>
    public void On(in DeviceResumed m)
    {
        if (State.Step == BlkfrontStep.Settled || !State.Appeared)
        {
            return;
        }

        Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        State.Connected = BlkifState.Suspended;
        Requeue();
        FreeRings();
        Device.Resume();
        State.Step = BlkfrontStep.Resume;
        Xs.Read(Context, Device.Path("backend-id"));
        Xs.Read(Context, Device.Path("backend"));
    }

    private void ResumeBackend()
    {
        if (!TakeBackend())
        {
            State.Step = BlkfrontStep.Settled;
            FailAll();
            return;
        }

        WatchOther();
        AskForLimits();
    }

    // Every request that has no answer is whole again, in the order in which they came.
    private void Requeue()
    {
        State.Requeued.Clear();
        for (var place = 0; place < State.Ios.Count; place++)
        {
            if (!State.Ios[place].Asker.IsNone && !(Suffers(Defects.BlkfrontResumeLosesRequests) && State.Ios[place].Out > 0))
            {
                State.Ios[place].Rewind();
                State.Requeued.Add(place);
            }
        }

        State.Requeued.Sort((a, b) => State.Ios[a].Serial.CompareTo(State.Ios[b].Serial));
    }

    // blkif_recover
    private void Recover()
    {
        TellLimits();
        foreach (var place in State.Requeued)
        {
            Enqueue(place);
        }

        State.Requeued.Clear();
    }

    // Before 5.15 a disk that somebody has open is not let go of: blkfront_closing looks at bd_openers.
    private void AskWhetherOpen()
    {
        if (!State.Refused)
        {
            Context.Tell(Driver.Kernel, new AskDiskUse(State.DiskName, Self));
        }
    }

    public void On(in DiskUse m)
    {
        if (!m.Open)
        {
            State.Refused = false;
            Close();
        }
        else if (!State.Refused)
        {
            State.Refused = true;
            var text = $"{(int)XenErrno.EBUSY} Device in use; refusing to close";
            Print("xenbus-error", ("type", Device.Type), ("device", Device.BusId), ("text", text));
            WriteError(text);
            SwitchTo(XenbusState.Closing);
        }
    }

    /// <summary>blkfront_closing: nothing new is taken, what is out is waited for.</summary>
    private void Close()
    {
        if (Device.State == XenbusState.Closed || (Device.State == XenbusState.Closing && State.Refused))
        {
            return;
        }

        if (State.Appeared)
        {
            State.Appeared = false;
            Context.Tell(Driver.Kernel, new DiskGone(State.DiskName));
        }
        else
        {
            // Nobody waits for it any more.
            Probed(connected: false);
        }

        State.Connected = BlkifState.Disconnected;
        for (var place = 0; place < State.Ios.Count; place++)
        {
            // What has not been on a ring will not come there.
            var io = State.Ios[place];
            if (!io.Asker.IsNone && !io.AllBegun)
            {
                io.AllBegun = true;
                io.Status = BlockStatus.IoError;
                if (io.Out == 0)
                {
                    Done(place, io);
                }
            }
        }

        foreach (var ring in State.Rings)
        {
            ring.Pending.Clear();
        }

        SwitchTo(XenbusState.Closed);
    }

    // blkfront_remove, when the toolstack has removed the device
    protected override void Removed()
    {
        if (State.Appeared)
        {
            State.Appeared = false;
            Context.Tell(Driver.Kernel, new DiskGone(State.DiskName));
        }

        State.Step = BlkfrontStep.Settled;
        State.Connected = BlkifState.Disconnected;
        FailAll();
        FreeRings();
        if (Device.Other.Length > 0)
        {
            Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        }

        Context.Stop();
    }

    // blkif_free
    private void FreeRings()
    {
        State.Round++;
        foreach (var ring in State.Rings)
        {
            LetGo(ring.Buffers.Clear());
            if (ring.RingRefs.Count > 0)
            {
                Context.Note(new RingLeft(ring.RingRefs[0]));
            }

            LetGo(ring.RingRefs);
            if (ring.Port != 0)
            {
                Context.Tell(Driver.EventChannels, new CloseEvent(ring.Port));
            }
        }

        State.Rings.Clear();
    }

    // The backend does not keep to the protocol: this disk is dead, nothing else.
    private void Broken(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        State.Connected = BlkifState.Error;
        Print(message, [("disk", State.DiskName), .. values]);
        Print("blkfront-disabled", ("disk", State.DiskName));
        FailAll();
    }

    // Real requests would wait for ever; here each is told.
    private void FailAll()
    {
        for (var place = 0; place < State.Ios.Count; place++)
        {
            var io = State.Ios[place];
            if (!io.Asker.IsNone)
            {
                io.Status = BlockStatus.IoError;
                Done(place, io);
            }
        }

        State.Requeued.Clear();
        foreach (var ring in State.Rings)
        {
            ring.Pending.Clear();
        }
    }
}
