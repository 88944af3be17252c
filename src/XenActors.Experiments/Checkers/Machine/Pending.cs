using System.Globalization;
using XenActors.Abi;
using XenActors.Experiments.Checkers.Block;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.SplitDrivers;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Block.Front;
using XenActors.SplitDrivers.Keyboard;
using XenActors.SplitDrivers.Net.Back;
using XenActors.SplitDrivers.Net.Front;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>Something that has begun and not ended.</summary>
/// <param name="Who">A device (<c>dom1/vbd/51712</c>), a domain (<c>dom1</c>) or <c>dom0</c>.</param>
/// <param name="Text">What waits for what.</param>
/// <param name="Prompt">Nothing but work stands between it and its end: where nothing works it is lost. Else somebody's patience may.</param>
public sealed record PendingThing(string Who, string Text, bool Prompt)
{
    public override string ToString() => $"{Who}: {Text}";
}

/// <summary>
/// What a machine still waits for, in words, read from its states between runs: creations, boots, handshakes, requests, and what their rings and ports look
/// like. Nothing in it stays in a machine that has come to rest.
/// </summary>
public sealed class Pending
{
    private readonly List<PendingThing> _things = [];
    private readonly SortedDictionary<string, string> _backends = new(StringComparer.Ordinal);
    private readonly XenMachine _machine;

    private Pending(XenMachine machine) => _machine = machine;

    public static IReadOnlyList<PendingThing> Of(XenMachine machine)
    {
        var pending = new Pending(machine);
        pending.Toolstack();
        pending.Backends();
        foreach (var domain in machine.Places.Processes.Keys)
        {
            if (domain != 0 && GuestLives.Runs(machine, domain))
            {
                pending.Guest(domain);
            }
        }

        return pending._things;
    }

    private void Toolstack()
    {
        if (!_machine.OperatorState.Done)
        {
            Add("dom0", "the host is still starting, or xl has guests to create");
        }

        if (_machine.Simulator.StateOf<LibxlState>(_machine.OperatorState.Toolstack) is not { } toolstack)
        {
            return;
        }

        foreach (var guest in toolstack.Guests.Values)
        {
            if (!guest.Stands && _machine.Simulator.StateOf<CreateState>(guest.Process) is { Phase: not (CreatePhase.Ended or CreatePhase.Killed) } create)
            {
                var step = create.Done.Count < create.Steps.Count ? $"step {create.Current}" : "its last step";
                Add($"dom{guest.Domain}", $"xl create is at {step}, and waits for {WordFor(create.Phase)}");
            }
        }
    }

    private static string WordFor(CreatePhase phase) => phase switch
    {
        CreatePhase.Store => "xenstored's answers",
        CreatePhase.Reading => "a node that it reads",
        CreatePhase.Waiting => "a watch to fire",
        CreatePhase.Undoing => "what was done to be undone",
        _ => "the builder, QEMU or a script",
    };

    // What each backend would say of itself; said only where its frontend waits.
    private void Backends()
    {
        foreach (var device in _machine.Simulator.StateOf<BackendXenbusState>(_machine.Places.Xenbus(0))?.Devices ?? [])
        {
            if (_machine.Simulator.StateOf<BlkbackState>(device.Driver) is { } block)
            {
                _backends[device.Node] = $"is {(int)block.Device.State} ({block.Device.State}), {WordFor(block)}";
            }
            else if (_machine.Simulator.StateOf<NetbackState>(device.Driver) is { } net)
            {
                _backends[device.Node] = $"is {(int)net.Device.State} ({net.Device.State}), at {net.Step}";
            }
        }
    }

    private static string WordFor(BlkbackState back)
    {
        if (back.Volume is null)
        {
            return "because the hotplug script has not named its device";
        }

        var mapped = back.Rings.FindAll(r => r.Ring is not null).Count;
        var halted = back.Rings.Exists(r => r.Halted) ? ", a ring halted" : "";
        var rests = back.Rings.Exists(r => r.Resting) ? ", a ring resting" : "";
        return $"at {back.Step}, {mapped} of {back.Rings.Count} rings mapped, {back.Rings.Sum(r => r.InFlight)} requests in flight{halted}{rests}";
    }

    private void Guest(ushort domain)
    {
        var name = $"dom{domain}";
        if (_machine.Kernel(domain) is not { } kernel)
        {
            return;
        }

        if (kernel.Outcome is null)
        {
            var step = kernel.Step < kernel.Plan.Count ? $"step {kernel.Plan[kernel.Step]}" : "its end";
            Add(name, $"the kernel boots: {step}, and waits for {kernel.Awaiting}");
        }

        foreach (var device in _machine.Simulator.StateOf<FrontendXenbusState>(_machine.Places.Xenbus(domain))?.Devices ?? [])
        {
            if (!device.Driver.IsNone)
            {
                Frontend(domain, device);
            }
        }

        if (_machine.Simulator.StateOf<BlockLayerState>(kernel.Block) is { } block)
        {
            foreach (var queue in block.Queues)
            {
                BlockLayer(name, block, queue);
            }
        }
    }

    private void Frontend(ushort domain, FrontendDevice device)
    {
        var who = $"dom{domain}/{device.Node["device/".Length..]}";
        if (_machine.Simulator.StateOf<BlkfrontState>(device.Driver) is { } front)
        {
            Handshake(who, device, front, $"blkfront, at {front.Step}", front.Step == BlkfrontStep.Settled);
            Requests(domain, who, front);
        }
        else if (_machine.Simulator.StateOf<NetfrontState>(device.Driver) is { } net)
        {
            Handshake(who, device, net, $"netfront, at {net.Step}", settled: false);
        }
        else if (_machine.Simulator.StateOf<KbdfrontState>(device.Driver) is { } input)
        {
            Handshake(who, device, input, $"{device.Type}front, at {input.Step}", settled: false);
        }
    }

    private void Handshake(string who, FrontendDevice device, ISplitDeviceState front, string driver, bool settled)
    {
        var own = front.Device.State;
        if ((device.Settled && own is not (XenbusState.Initialised or XenbusState.Closing)) || settled || own is XenbusState.Connected or XenbusState.Closed)
        {
            return;
        }

        var awaited = own switch
        {
            XenbusState.Initialising => "InitWait",
            XenbusState.Closing => "Closed",
            _ => "Connected",
        };
        var node = front.Device.Other[(front.Device.Other.IndexOf("backend/", StringComparison.Ordinal) is >= 0 and var at ? at : 0)..];
        var other = _backends.TryGetValue(node, out var word) ? $"the backend {word}" : $"the backend was last seen {(int)front.Device.OtherState} ({front.Device.OtherState})";
        Add(who, $"{driver}, is {(int)own} ({own}) and waits for its backend's state {awaited}; {other}");
    }

    private void Requests(ushort domain, string who, BlkfrontState front)
    {
        var ports = _machine.EventChannels(domain).Channels;
        for (var queue = 0; queue < front.Rings.Count; queue++)
        {
            var ring = front.Rings[queue];
            List<int> ids = [];
            for (var id = 0; id < ring.Shadows.Length; id++)
            {
                if (ring.Shadows[id].Status == ShadowStatus.Waiting)
                {
                    ids.Add(id);
                }
            }

            if (ids.Count > 0)
            {
                var pending = ports.IsKnown(ring.Port) && ports.IsPending(ring.Port) ? "pending" : "not pending";
                var masked = ports.IsKnown(ring.Port) && ports.IsMasked(ring.Port) ? "masked" : "not masked";
                Add(who, string.Create(CultureInfo.InvariantCulture, $"{ids.Count} requests are out (ids {string.Join(' ', ids.Take(8))}) on {front.DiskName}'s ring {queue}: req_prod ")
                    + $"{ring.Ring.ReqProdPvt}, rsp_prod {SharedRing.RspProd(ring.Ring.Page)}, rsp_cons {ring.Ring.RspCons}, event channel port {ring.Port} {pending} and {masked}"
                    + Behind(domain, who), prompt: true);
            }

            if (ring.Pending.Count > 0)
            {
                Add(who, $"{ring.Pending.Count} requests wait for room on ring {queue}{(ring.Granting >= 0 ? ", one for its grants" : "")}", prompt: true);
            }
        }

        if (front.Requeued.Count > 0)
        {
            Add(who, $"{front.Requeued.Count} requests wait for a connection ({front.Connected})");
        }
    }

    private string Behind(ushort domain, string who) =>
        _backends.TryGetValue($"backend/vbd/{domain}/{who[(who.LastIndexOf('/') + 1)..]}", out var word) ? $"; the backend {word}" : "";

    private void BlockLayer(string name, BlockLayerState block, DiskQueue queue)
    {
        var jobs = block.Jobs.Count(j => j is not null && j.Disk == queue.Index);
        if (jobs > 0)
        {
            Add(DiskIdentity.Of(_machine, queue.Driver)?.Device ?? name, $"{jobs} jobs of the block layer on {queue.Name} have not ended, {queue.OutCount} requests are at the driver", prompt: true);
        }
    }

    private void Add(string who, string text, bool prompt = false) => _things.Add(new(who, text, prompt));
}
