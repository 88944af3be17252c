using FsCheck;
using FsCheck.Fluent;
using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Tests.Hypervisor.Properties;

namespace XenActors.Tests.Hypervisor;

/// <summary>One step of a random history of ports.</summary>
public readonly record struct PortStep(int Kind, uint Port, uint Value);

/// <summary>
/// Random histories against the simplest model of what an event channel promises: a port that is pending, unmasked and handled interrupts
/// its vCPU, and is dispatched once for each time that it became pending.
/// </summary>
public sealed class EventPropertyTests
{
    private const int Vcpus = 3;
    private const int Bound = 200;

    private static readonly Gen<PortStep[]> Histories = Gen.ArrayOf(
        from kind in Gen.Frequency(
            (8, Gen.Constant(0)), (3, Gen.Constant(1)), (3, Gen.Constant(2)), (5, Gen.Constant(3)), (1, Gen.Constant(4)), (1, Gen.Constant(5)),
            (1, Gen.Constant(6)), (2, Gen.Constant(7)))
        from port in Gen.Choose(1, Bound)
        from value in Gen.Choose(0, 20)
        select new PortStep(kind, (uint)port, (uint)value), 120);

    [Theory]
    [InlineData(false, 64)]
    [InlineData(false, 32)]
    [InlineData(true, 64)]
    public void No_wake_up_is_lost_and_none_is_invented(bool fifo, int wordBits) =>
        Found.Nothing(Histories, 400, history => new History(fifo, wordBits).Play(history));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kernel_that_clears_its_upcall_flag_too_late_is_found_out(bool fifo) =>
        Assert.NotNull(Found.First(Histories, 400, history => new History(fifo, 64) { ClearsLate = true }.Play(history)));

    private sealed class History
    {
        private readonly Ports ports;
        private readonly bool fifo;

        // The reference: what each port is owed.
        private readonly SortedSet<uint> pending = [];
        private readonly SortedSet<uint> masked = [];
        private readonly SortedSet<uint> open = [];
        private readonly SortedDictionary<uint, int> vcpuOf = [];

        public History(bool fifo, int wordBits)
        {
            this.fifo = fifo;
            ports = new Ports(fifo, Vcpus, wordBits);
            for (var i = 0; i < Bound; i++)
            {
                var port = ports.Unbound();
                open.Add(port);
                vcpuOf[port] = 0;
            }
        }

        public bool ClearsLate { get; init; }

        /// <summary>What went wrong, or null.</summary>
        public string? Play(PortStep[] history)
        {
            foreach (var step in history)
            {
                if ((Do(step) ?? Check()) is { } wrong)
                {
                    return $"{wrong} at {step}";
                }
            }

            for (var vcpu = 0; vcpu < Vcpus; vcpu++)
            {
                if (Take(vcpu) is { } wrong)
                {
                    return wrong;
                }
            }

            return pending.FirstOrDefault(p => !masked.Contains(p)) is not 0 and var left ? $"port {left} was never served" : null;
        }

        private string? Do(PortStep step)
        {
            var (port, xen) = (step.Port, ports.Xen);
            switch (step.Kind)
            {
                case 0 when open.Contains(port):
                    pending.Add(port);
                    ports.Raise(port);
                    break;
                case 1 when open.Contains(port):
                    masked.Add(port);
                    xen.Mask(port);
                    break;
                case 2 when open.Contains(port):
                    masked.Remove(port);
                    xen.Unmask(port, out var told);
                    ports.Note(told);
                    break;
                case 3:
                    return Take((int)(step.Value % Vcpus));
                case 4 when open.Contains(port):
                    xen.SetPriority(port, step.Value % 16);
                    break;
                case 5 when open.Contains(port) && !pending.Contains(port):
                    // Linux moves a port while it is masked, and unmasks it on the new vCPU.
                    xen.BindVcpu(port, step.Value % Vcpus);
                    vcpuOf[port] = (int)(step.Value % Vcpus);
                    break;
                case 6 when open.Remove(port):
                    xen.Close(port, out _);
                    ports.Guest.Shutdown(xen, port);
                    pending.Remove(port);
                    masked.Remove(port);
                    break;
                case 7:
                    Reopen();
                    break;
            }

            return null;
        }

        private void Reopen()
        {
            if (open.Count < Bound)
            {
                var port = ports.Unbound();
                open.Add(port);
                vcpuOf[port] = 0;
            }
        }

        private string? Take(int vcpu)
        {
            var due = pending.Where(p => !masked.Contains(p) && vcpuOf[p] == vcpu).ToList();
            if (ClearsLate && ports.Interrupted.Contains(vcpu))
            {
                // The interrupt is taken, and the flag is left set: Xen sees no reason to interrupt again.
                ports.Xen.Shared.SetUpcallPending(vcpu);
            }

            var fired = ports.Take(vcpu);
            if (ClearsLate)
            {
                ports.Xen.Shared.SetUpcallPending(vcpu);
            }

            foreach (var port in fired)
            {
                if (!pending.Remove(port))
                {
                    return $"port {port} fired and was not pending";
                }
            }

            var missing = due.Find(pending.Contains);
            return missing == 0 ? null : $"port {missing} was due and did not fire";
        }

        private string? Check()
        {
            foreach (var port in open)
            {
                if (ports.Xen.IsPending(port) != pending.Contains(port) || ports.Xen.IsMasked(port) != masked.Contains(port))
                {
                    return $"port {port} has other bits than the model";
                }
            }

            for (var vcpu = 0; vcpu < Vcpus; vcpu++)
            {
                var due = pending.Any(p => !masked.Contains(p) && vcpuOf[p] == vcpu);
                if (due && !ports.Interrupted.Contains(vcpu))
                {
                    return $"vCPU {vcpu} has work and was not interrupted";
                }
            }

            return fifo ? QueuesOf() : null;
        }

        // Every linked word is on exactly one queue, and every queue ends where Xen thinks that it does.
        private string? QueuesOf()
        {
            var queues = ports.Xen.Fifo!;
            var seen = new SortedSet<uint>();
            for (var vcpu = 0; vcpu < Vcpus; vcpu++)
            {
                for (var priority = 0; priority < EvtchnFifo.MaxQueues; priority++)
                {
                    var (tail, last) = (queues.Vcpus[vcpu].Tails[priority], 0u);
                    if (tail == 0 || (queues.Word(tail) & FifoQueues.LinkedBit) == 0)
                    {
                        continue;
                    }

                    for (var port = queues.Head(vcpu, priority); port != 0; port = queues.Word(port) & EvtchnFifo.LinkMask)
                    {
                        if ((queues.Word(port) & FifoQueues.LinkedBit) == 0 || !seen.Add(port))
                        {
                            return $"queue {priority} of vCPU {vcpu} is broken at port {port}";
                        }

                        last = port;
                    }

                    if (last != tail)
                    {
                        return $"queue {priority} of vCPU {vcpu} ends at {last}, Xen's tail is {tail}";
                    }
                }
            }

            for (var port = 1u; port < queues.Words; port++)
            {
                if ((queues.Word(port) & FifoQueues.LinkedBit) != 0 && !seen.Contains(port))
                {
                    return $"port {port} is linked and on no queue";
                }
            }

            return null;
        }
    }
}
