using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;

namespace XenActors.Experiments.Workloads.Hypercalls;

/// <summary>The calls, and what Xen answers to them.</summary>
public sealed partial class HypercallActor
{
    private const int PortsMax = 16;
    private const int PollMax = 128;
    private const uint NoPort = 1 << 20;
    private const ushort NoDomain = 777;
    private const uint Pirq = 37;

    private void Call()
    {
        switch (Context.Random.Next(20))
        {
            case 0 or 1 when State.Ports.Count < PortsMax:
                Open();
                break;
            case 2 or 3 when State.Ports.Count > 0:
                Close();
                break;
            case 4 or 5 when State.Ports.Count > 0:
                Own(State.Ports[(int)Context.Random.Next(State.Ports.Count)]);
                break;
            case 6:
                Poll();
                break;
            case 7:
                Foreign();
                break;
            case 8 or 9:
                Wrong();
                break;
            case 10 or 11:
                Grant();
                break;
            case 12 or 13 when State.Refs.Count > 0:
                TakeBack();
                break;
            case 14:
                Table();
                break;
            case 15:
                Say("GNTTABOP_transfer to dom0", -1);
                Context.Tell(State.ForeignGrantTable, new TransferPage(8 + (uint)Context.Random.Next(1000), new byte[Gfn.PageSize], State.Calls));
                break;
            case 16 when State.Traffic.Hoard > 0:
                Hoard();
                break;
            case 17 when State.Hvm:
                // The vector that Linux takes for upcalls.
                Context.Tell(State.EventChannels, new SetUpcallVector(0, 0xf3));
                State.Out = false;
                break;
            default:
                Say("EVTCHNOP_status of no port", -(long)XenErrno.EINVAL);
                Status(DomId.Self, NoPort);
                break;
        }
    }

    private void Open()
    {
        switch (Context.Random.Next(6))
        {
            case 0:
                Say("EVTCHNOP_alloc_unbound", 0);
                var alloc = new byte[EvtchnAllocUnbound.SizeOf];
                new EvtchnAllocUnbound(DomId.Self, new DomId(0), default).WriteTo(alloc);
                Ask(EvtchnOp.AllocUnbound, alloc);
                break;
            case 1:
                Say("EVTCHNOP_bind_ipi", 0);
                var ipi = new byte[EvtchnBindIpi.SizeOf];
                new EvtchnBindIpi(new VcpuId(0), default).WriteTo(ipi);
                Ask(EvtchnOp.BindIpi, ipi);
                break;
            case 2:
                Say("EVTCHNOP_bind_ipi", 0);
                Context.Tell(State.EventChannels, new BindIpi(0, State.Calls));
                break;
            case 3:
                Say("EVTCHNOP_bind_ipi of no vCPU", -(long)XenErrno.ENOENT);
                Context.Tell(State.EventChannels, new BindIpi(200, State.Calls));
                break;
            case 4:
                // Once for a vCPU, by whoever comes first.
                Say("EVTCHNOP_bind_virq", null);
                Context.Tell(State.EventChannels, new BindVirq(Virq.Xenpmu, 0, State.Calls));
                break;
            default:
                Say("EVTCHNOP_bind_pirq", null);
                Context.Tell(State.EventChannels, new BindPirq(Pirq, State.Calls));
                break;
        }
    }

    // Ports that calls by bytes have opened.
    private void Opened(in EventChannelOpResult m)
    {
        if (m.Result == 0 && (EvtchnOp)m.Operation is EvtchnOp.AllocUnbound or EvtchnOp.BindIpi)
        {
            State.Ports.Add((EvtchnOp)m.Operation == EvtchnOp.BindIpi ? EvtchnBindIpi.Read(m.Argument).Port.Value : EvtchnAllocUnbound.Read(m.Argument).Port.Value);
        }
    }

    // What was bound comes: the guest's performance counters overflow, a line is raised.
    private void Raise(uint port)
    {
        Context.Tell(State.EventChannels, new RaiseVirq(Virq.Xenpmu, 0));
        Context.Tell(State.EventChannels, new RaisePirq(Pirq));
        State.Pmu = port;
    }

    private void Close()
    {
        var place = (int)Context.Random.Next(State.Ports.Count);
        var port = State.Ports[place];
        State.Ports.RemoveAt(place);
        Say("EVTCHNOP_close", 0);
        var close = new byte[EvtchnClose.SizeOf];
        new EvtchnClose(new EvtchnPort(port)).WriteTo(close);
        Ask(EvtchnOp.Close, close);
    }

    private void Own(uint port)
    {
        switch (Context.Random.Next(7))
        {
            case 0:
                Say("EVTCHNOP_status", 0);
                Status(DomId.Self, port);
                break;
            case 1:
                Say("EVTCHNOP_unmask", 0);
                var unmask = new byte[EvtchnUnmask.SizeOf];
                new EvtchnUnmask(new EvtchnPort(port)).WriteTo(unmask);
                Ask(EvtchnOp.Unmask, unmask);
                break;
            case 2:
                Say("EVTCHNOP_send", null);
                Ask(EvtchnOp.Send, BitConverter.GetBytes(port));
                break;
            case 3:
                // Linux' priorities are FIFO's.
                Say("EVTCHNOP_set_priority", null);
                var priority = new byte[EvtchnSetPriority.SizeOf];
                new EvtchnSetPriority(new EvtchnPort(port), (uint)Context.Random.Next(20)).WriteTo(priority);
                Ask(EvtchnOp.SetPriority, priority);
                break;
            case 4:
                Context.Tell(State.EventChannels, new MaskEvent(port, Masked: true));
                Context.Tell(State.EventChannels, new SendEvent(port));
                Context.Tell(State.EventChannels, new MaskEvent(port, Masked: false));
                State.Out = false;
                break;
            default:
                Context.Tell(State.EventChannels, new MoveEvent(port, (uint)Context.Random.Next(3)));
                State.Out = false;
                break;
        }
    }

    private void Poll()
    {
        var tooMany = State.Ports.Count == 0 || Context.Random.NextChance(0.3);
        Say("SCHEDOP_poll", tooMany ? -(long)XenErrno.EINVAL : 0);
        List<uint> ports = tooMany ? [.. Enumerable.Repeat(1u, PollMax + 1)] : [.. State.Ports];
        Context.Tell(State.EventChannels, new PollPorts(ports, (ulong)Context.Now.Nanoseconds + 1_000_000, State.Calls));
    }

    // A guest has no say about another domain's ports.
    private void Foreign()
    {
        var there = Context.Random.NextChance(0.5);
        Say("EVTCHNOP_status of another domain", there ? -(long)XenErrno.EPERM : -(long)XenErrno.ESRCH);
        Status(new DomId(there ? (ushort)0 : NoDomain), 1);
    }

    private void Wrong()
    {
        switch (Context.Random.Next(4))
        {
            case 0:
                Say("event_channel_op 99", -(long)XenErrno.ENOSYS);
                Context.Tell(State.EventChannels, new EventChannelOp(99, new byte[64], null, State.Calls));
                break;
            case 1:
                Say("EVTCHNOP_status without its argument", -(long)XenErrno.EFAULT);
                Context.Tell(State.EventChannels, new EventChannelOp((uint)EvtchnOp.Status, new byte[3], null, State.Calls));
                break;
            case 2:
                Say("EVTCHNOP_close of no port", -(long)XenErrno.EINVAL);
                Ask(EvtchnOp.Close, BitConverter.GetBytes(NoPort));
                break;
            default:
                Say("grant_table_op 99", -(long)XenErrno.ENOSYS);
                Context.Tell(State.GrantTable, new GrantTableOp(99, 1, new byte[64], State.Calls));
                break;
        }
    }

    private void Grant()
    {
        Say("a grant", 0);
        var pages = 1 + (int)Context.Random.Next(2);
        Context.Tell(State.GrantTable, new GrantPages(0, new byte[pages * Gfn.PageSize], Context.Random.NextChance(0.3), Shared: false, State.Calls));
    }

    // Whoever has it mapped may keep it; the kernel looks again later.
    private void TakeBack()
    {
        Say("the end of a grant", 0);
        var place = (int)Context.Random.Next(State.Refs.Count);
        var reference = State.Refs[place];
        State.Refs.RemoveAt(place);
        Context.Tell(State.GrantTable, new EndAccess([reference], State.Calls, Defer: true));
    }

    private void Table()
    {
        switch (Context.Random.Next(3))
        {
            case 0:
                Say("GNTTABOP_query_size", 0);
                var size = new byte[GnttabQuerySize.SizeOf];
                new GnttabQuerySize(DomId.Self, 0, 0, default).WriteTo(size);
                Context.Tell(State.GrantTable, new GrantTableOp((uint)GnttabOp.QuerySize, 1, size, State.Calls));
                break;
            case 1:
                Say("GNTTABOP_get_version", 0);
                var version = new byte[GnttabGetVersion.SizeOf];
                new GnttabGetVersion(DomId.Self, 0).WriteTo(version);
                Context.Tell(State.GrantTable, new GrantTableOp((uint)GnttabOp.GetVersion, 1, version, State.Calls));
                break;
            default:
                // The call succeeds; what became of it stands in the structure.
                Say("GNTTABOP_map_grant_ref of what dom0 has not granted", 0);
                var map = new byte[GnttabMapGrantRef.SizeOf];
                new GnttabMapGrantRef(0x1000_0000, GnttabMapFlags.HostMap, new GrantRef(1000), new DomId(0), default, 0, 0).WriteTo(map);
                Context.Tell(State.GrantTable, new GrantTableOp((uint)GnttabOp.MapGrantRef, 1, map, State.Calls));
                break;
        }
    }

    private void Hoard()
    {
        if (State.Hoards)
        {
            Context.Tell(State.GrantTable, new FreeReferences());
            (State.Hoards, State.Out) = (false, false);
            return;
        }

        Say("gnttab_alloc_grant_references", null);
        State.Taking = State.Traffic.Hoard;
        Context.Tell(State.GrantTable, new HoldReferences(State.Taking, State.Calls));
    }

    private void Status(DomId domain, uint port)
    {
        var status = new byte[EvtchnStatus.SizeOf];
        new EvtchnStatus(domain, new EvtchnPort(port), default, default, default, 0).WriteTo(status);
        Ask(EvtchnOp.Status, status);
    }

    private void Ask(EvtchnOp operation, byte[] argument) => Context.Tell(State.EventChannels, new EventChannelOp((uint)operation, argument, null, State.Calls));

    private void Say(string words, long? expected) => (State.Words, State.Expected) = (words, expected);
}
