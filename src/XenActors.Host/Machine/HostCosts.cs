using XenActors.Simulation;

namespace XenActors.Machine;

/// <summary>
/// What the machine's and the hypervisor's own work takes: the cost model. None of it decides what happens, only when, and how busy it keeps whom. Where
/// the figures come from stands beside them in <c>hocon/hosts/hardware/*.conf</c>.
/// </summary>
[Codec]
public sealed partial record HostCosts
{
    /// <summary>Nothing takes time: for tests that are about something else.</summary>
    public static readonly HostCosts Free = new();

    /// <summary>A vCPU leaves the guest and enters it again, with a trivial handler between.</summary>
    public VirtualDuration Exit { get; init; }

    /// <summary>An empty hypercall of an HVM guest's vCPU.</summary>
    public VirtualDuration Hypercall { get; init; }

    /// <summary>An empty hypercall of a PV domain: dom0's.</summary>
    public VirtualDuration PvHypercall { get; init; }

    /// <summary>From EVTCHNOP_send to the handler on another pCPU's running vCPU: hypercall, IPI and injection.</summary>
    public VirtualDuration Event { get; init; }

    /// <summary>What an event takes longer where the vCPU has to be woken: scheduler and switch.</summary>
    public VirtualDuration Wake { get; init; }

    /// <summary>An emulated interrupt's end; zero with APICv.</summary>
    public VirtualDuration Eoi { get; init; }

    /// <summary>An access to an emulated interrupt controller (local APIC, I/O APIC) that Xen itself answers.</summary>
    public VirtualDuration InterruptController { get; init; }

    /// <summary>A kernel's way from an interrupted instruction to its upcall and back, and the search for what is pending.</summary>
    public VirtualDuration Upcall { get; init; }

    /// <summary>Each port that the search finds: the pending bit or queue entry is taken, the driver's handler is called.</summary>
    public VirtualDuration Dispatch { get; init; }

    /// <summary>One page, alone or the first of a batch.</summary>
    public VirtualDuration GrantMap { get; init; }

    /// <summary>Each further page of a batch.</summary>
    public VirtualDuration GrantMapNext { get; init; }

    /// <summary>One page.</summary>
    public VirtualDuration GrantUnmap { get; init; }

    /// <summary>Once for each batch that unmaps something: every pCPU that ran the mapper forgets.</summary>
    public VirtualDuration TlbFlush { get; init; }

    /// <summary>One GNTTABOP_copy, beside its bytes.</summary>
    public VirtualDuration GrantCopy { get; init; }

    /// <summary>Bytes a second of GNTTABOP_copy; 0 when they take no time.</summary>
    public long GrantCopyBandwidth { get; init; }

    /// <summary>Bytes a second of memcpy in a kernel; 0 when they take no time.</summary>
    public long CopyBandwidth { get; init; }

    /// <summary>Between two domains at least: the profile's <c>latency.link</c>.</summary>
    public VirtualDuration Link { get; init; }

    /// <summary>A vCPU's access that QEMU answers, there and back.</summary>
    public VirtualDuration Ioreq { get; init; }

    /// <summary>A guest kernel's own work for one request of a disk: block layer and driver, both ways.</summary>
    public VirtualDuration GuestBlock { get; init; }

    /// <summary>Each way's part of it: on the way to the driver, which the vCPU of whoever asks does, and on the way back.</summary>
    public VirtualDuration GuestBlockHalf => new(GuestBlock.Nanoseconds / 2);

    /// <summary>blkback's own work for one request: its thread, the bio, the answer.</summary>
    public VirtualDuration BackendBlock { get; init; }

    /// <summary>QEMU's own work for one request: its block layer and asynchronous I/O.</summary>
    public VirtualDuration DeviceModelBlock { get; init; }

    /// <summary>
    /// What is left of an event's way when it has come over the link between two domains, and before the receiver's own part (<see cref="UpcallWork"/>);
    /// longer where a vCPU has to be woken for it.
    /// </summary>
    /// <param name="hvm">The receiver is an HVM guest.</param>
    public VirtualDuration EventRest(VirtualDuration link, bool idle, bool hvm)
    {
        var rest = Event.Nanoseconds - link.Nanoseconds - UpcallWork(hvm, 0).Nanoseconds - Dispatch.Nanoseconds;
        return new(Math.Max(0, rest) + (idle ? Wake.Nanoseconds : 0));
    }

    /// <summary>
    /// What an upcall takes of the vCPU that it interrupts, beside <see cref="Dispatch"/> for each port: an HVM guest's leaves the guest once, for the
    /// IPI that tells of it, and comes back with the interrupt injected; what came through a line or the local APIC is acknowledged there.
    /// </summary>
    /// <param name="acknowledgements">Accesses to interrupt controllers.</param>
    public VirtualDuration UpcallWork(bool hvm, int acknowledgements) =>
        (hvm ? Upcall + Exit : Upcall) + Times(InterruptController, acknowledgements);

    /// <summary>
    /// What is left of an ioreq when the exit and its two ways over the link are taken off: QEMU's domain is busy with it for so long.
    /// </summary>
    public VirtualDuration IoreqRest(VirtualDuration link)
    {
        var rest = Ioreq.Nanoseconds - Exit.Nanoseconds - (2 * link.Nanoseconds);
        return rest > 0 ? new(rest) : VirtualDuration.Zero;
    }

    /// <summary>So many pages mapped in one hypercall of a PV domain.</summary>
    public VirtualDuration MapBatch(int pages) => pages == 0 ? VirtualDuration.Zero : PvHypercall + GrantMap + Times(GrantMapNext, pages - 1);

    /// <summary>So many pages unmapped in one hypercall of a PV domain.</summary>
    public VirtualDuration UnmapBatch(int pages) => pages == 0 ? VirtualDuration.Zero : PvHypercall + Times(GrantUnmap, pages) + TlbFlush;

    /// <summary>A batch of GNTTABOP_copy in one hypercall of a PV domain.</summary>
    public VirtualDuration CopyBatch(int operations, long bytes) =>
        operations == 0 ? VirtualDuration.Zero : PvHypercall + Times(GrantCopy, operations) + Transfer(bytes, GrantCopyBandwidth);

    /// <summary>Bytes copied by a kernel.</summary>
    public VirtualDuration Copy(long bytes) => Transfer(bytes, CopyBandwidth);

    private static VirtualDuration Times(VirtualDuration one, int count) => new(one.Nanoseconds * count);

    private static VirtualDuration Transfer(long bytes, long bandwidth) =>
        bandwidth == 0 ? VirtualDuration.Zero : new((long)(bytes * 1e9 / bandwidth));
}
