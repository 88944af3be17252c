using XenActors.Guest.Net;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>Jobs between guests that have booted, on one host or on several.</summary>
public sealed class NetRun
{
    private readonly Simulator _simulator;
    private readonly IReadOnlyList<XenMachine> _machines;
    private readonly List<(NetJob Job, ActorRef Sender)> _jobs = [];
    private readonly SortedDictionary<MacAddress, ActorRef> _receivers = [];

    /// <summary>No jobs yet.</summary>
    public NetRun(IReadOnlyList<XenMachine> machines) => (_simulator, _machines) = (machines[0].Simulator, machines);

    /// <summary>Starts all jobs now; who has a job's address gets a program that accounts for it.</summary>
    /// <exception cref="UserErrorException">A job names a guest or a device that is not there.</exception>
    public static NetRun Start(IReadOnlyList<XenMachine> machines, IReadOnlyList<NetJob> jobs)
    {
        var run = new NetRun(machines);
        for (var i = 0; i < jobs.Count; i++)
        {
            run.Receiver(jobs[i], (uint)i + 1);
        }

        for (var i = 0; i < jobs.Count; i++)
        {
            run.Sender(jobs[i], (uint)i + 1);
        }

        return run;
    }

    /// <summary>Starts one more job now, beside those that run. Its result has this place among <see cref="Results"/>.</summary>
    /// <exception cref="UserErrorException">It names a guest or a device that is not there.</exception>
    public int Add(NetJob job)
    {
        var stream = (uint)_jobs.Count + 1;
        Receiver(job, stream);
        Sender(job, stream);
        return _jobs.Count - 1;
    }

    /// <summary>The address of a guest's network device.</summary>
    public static MacAddress MacOf(XenMachine machine, ushort domain, string device = "eth0") =>
        Nic(machine, domain, device) is { } nic && MacAddress.TryParse(nic.Mac, out var mac)
            ? mac
            : throw new UserErrorException($"domain {domain} has no network device {device}");

    /// <summary>The address of a host's bridge.</summary>
    public static MacAddress MacOfBridge(XenMachine machine, string bridge) => Bridges(machine).MacOf(bridge);

    /// <summary>The address of a host's first bridge.</summary>
    /// <exception cref="UserErrorException">It has none: no guest has a network device.</exception>
    public static MacAddress MacOfBridge(XenMachine machine) => Bridges(machine).Bridges.Keys.FirstOrDefault() is { } first
        ? MacOfBridge(machine, first)
        : throw new UserErrorException("dom0 has no bridge to receive frames on: no guest has a network device");

    /// <summary>Every sender has sent what it was to send.</summary>
    public bool Sent => _jobs.TrueForAll(j => State(j.Sender).Done);

    /// <summary>Runs until all is sent, and as long again as anything can be under way; false when a sender does not get on.</summary>
    public bool ToTheEnd(VirtualDuration most, VirtualDuration after)
    {
        var end = _simulator.Now + most;
        while (!Sent && _simulator.Now < end)
        {
            _simulator.RunFor(VirtualDuration.FromMilliseconds(10));
        }

        _simulator.RunFor(after);
        return Sent;
    }

    public IReadOnlyList<NetResult> Results()
    {
        var results = new List<NetResult>();
        for (var i = 0; i < _jobs.Count; i++)
        {
            var (job, sender) = (_jobs[i].Job, State(_jobs[i].Sender));
            var receiver = _receivers.TryGetValue(job.PeerMac, out var actor) ? _simulator.StateOf<NetReceiverState>(actor) : null;
            var ledger = receiver?.Streams.GetValueOrDefault((uint)i + 1) ?? new NetLedger();
            results.Add(new(job, Counts(sender.Sent, sender.Dropped, ledger), job.Echo ? Counts(ledger.Received, 0, sender.Replies) : null)
            {
                Corrupt = sender.Corrupt + (receiver?.Corrupt ?? 0),
                Blocked = sender.Blocked,
                Done = sender.Done,
            });
        }

        return results;
    }

    private static NetCounts Counts(long sent, long dropped, NetLedger ledger) =>
        new(sent, dropped, ledger.Received, ledger.Bytes, ledger.Duplicates, ledger.Reordered, ledger.Latency);

    private NetSenderState State(ActorRef sender) => _simulator.StateOf<NetSenderState>(sender)!;

    private void Sender(NetJob job, uint stream)
    {
        var (machine, domain) = Find(job);
        var nic = Nic(machine, domain, job.Device);
        if (nic is null || nic.Driver.IsNone || !MacAddress.TryParse(nic.Mac, out var mac))
        {
            throw new UserErrorException($"job {job.Name}: the guest has no network device {job.Device} with a paravirtual driver");
        }

        var sender = _simulator.Spawn<NetSenderActor, NetSenderState>(
            machine.Places.Processes[domain], $"net-{job.Name}-{stream}", new() { Job = job, Stream = stream, Domain = domain, Driver = nic.Driver, Mac = mac });
        _jobs.Add((job, sender));
    }

    // Nobody has an address that no guest and no bridge has: the stream is lost.
    private void Receiver(NetJob job, uint stream)
    {
        if (!_receivers.TryGetValue(job.PeerMac, out var receiver))
        {
            if (Place(job.PeerMac) is not { } state)
            {
                return;
            }

            // Beside the driver, or the bridges.
            receiver = _simulator.Spawn<NetReceiverActor, NetReceiverState>(state.Driver.Process, $"net-receiver-{stream}", state);
            _receivers.Add(job.PeerMac, receiver);
        }

        if (job.Echo)
        {
            _simulator.StateOf<NetReceiverState>(receiver)!.Echoes.Add(stream);
        }
    }

    private NetReceiverState? Place(MacAddress mac)
    {
        foreach (var machine in _machines)
        {
            foreach (var domain in Lives(machine))
            {
                foreach (var nic in machine.Kernel(domain)?.Nics ?? [])
                {
                    if (!nic.Driver.IsNone && MacAddress.TryParse(nic.Mac, out var own) && own == mac)
                    {
                        return new() { Driver = nic.Driver, Mac = mac };
                    }
                }
            }

            foreach (var bridge in Bridges(machine).Bridges.Keys)
            {
                if (Bridges(machine).MacOf(bridge) == mac)
                {
                    return new() { Driver = machine.Bridges, Bridge = bridge, Mac = mac };
                }
            }
        }

        return null;
    }

    // Each guest's life now.
    private static IEnumerable<ushort> Lives(XenMachine machine) => Enumerable.Range(0, machine.Guests.Count).Select(machine.Current);

    private static BridgeState Bridges(XenMachine machine) => machine.Simulator.StateOf<BridgeState>(machine.Bridges)!;

    private (XenMachine Machine, ushort Domain) Find(NetJob job)
    {
        var names = new List<string>();
        foreach (var machine in _machines)
        {
            foreach (var domain in Lives(machine))
            {
                if (machine.Kernel(domain) is { } kernel)
                {
                    if (job.Guest.Length == 0 || kernel.Spec.Name == job.Guest)
                    {
                        return (machine, domain);
                    }

                    names.Add(kernel.Spec.Name);
                }
            }
        }

        throw new UserErrorException($"job {job.Name}: no guest {job.Guest} runs; there are {(names.Count == 0 ? "none" : string.Join(", ", names))}");
    }

    private static GuestNic? Nic(XenMachine machine, ushort domain, string device) => machine.Kernel(domain)?.Nics.Find(n => n.Name == device);
}
