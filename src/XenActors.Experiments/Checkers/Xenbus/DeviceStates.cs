using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Experiments.Checkers.Xenbus;

/// <summary>
/// G3: the two ends of a split device take only the steps that xenbus knows, and stand only in pairs of states that its handshake reaches; two connected ends
/// of a disk have their rings mapped. Judged at each write that is committed.
/// </summary>
public sealed class DeviceStates() : Checker("g3-device-states"), IObserve<StoreChanged>, IObserve<StoreEmptied>
{
    // All connected disks are looked at once in a while; those that have changed at once.
    private const int SlicesBetweenLooks = 100;

    /// <summary>LIBXL_DESTROY_TIMEOUT, after which libxl removes a device by force.</summary>
    private static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(10);

    private readonly StatePaths _paths = new();
    private readonly Dictionary<(XenbusState, XenbusState), string> _branches = [];
    private CheckedRun? _run;
    private long _slices;

    public override IReadOnlyList<string> AllBranches { get; } =
        ["store emptied", "excused", "rings looked at", "connects over an unplug", "removed closed", "removed by force", "removed open", .. StateRules.AllPairs.Select(p => Branch(p.Front, p.Back))];

    public override void Attach(CheckedRun run)
    {
        _run = run;
        run.Observe<StoreChanged>(this);
        run.Observe<StoreEmptied>(this);
    }

    public void On(in Observed at, in StoreEmptied what)
    {
        Reach("store emptied");
        foreach (var device in _paths.Devices)
        {
            (device.Front, device.Back) = (XenbusState.Unknown, XenbusState.Unknown);
        }
    }

    public void On(in Observed at, in StoreChanged what)
    {
        if (_paths.Find(what.Path) is not var (device, front))
        {
            if (_paths.FindOnline(what.Path) is { } unplugged)
            {
                unplugged.IsUnplugged = what.Exists && what.Value.Span.SequenceEqual("0"u8);
            }

            return;
        }

        Seen++;
        var state = !what.Exists ? XenbusState.Unknown
            : int.TryParse(what.Value.Span, CultureInfo.InvariantCulture, out var number) ? (XenbusState)number : XenbusState.Unknown;
        var before = front ? device.Front : device.Back;
        if (front)
        {
            device.Front = state;
        }
        else
        {
            device.Back = state;
        }

        device.Changed = true;
        if (!front && state == XenbusState.Closing && before != XenbusState.Closing)
        {
            device.Closes = at.Time;
            device.ClosesConnecting = before == XenbusState.InitWait;
            device.HasClosed = false;
        }
        else if (!front && state == XenbusState.Closed)
        {
            device.HasClosed = device.Closes is not null;
        }
        else if (!front && state == XenbusState.Initialising)
        {
            device.HasClosed = false;
        }

        if (_run!.Excuse(device.Name))
        {
            // Not judged, and told of all the same where it is right.
            Reach("excused");
            if (!what.Exists && IsOpen(before) && IsOverdue(at.Time, device))
            {
                Reach("removed by force");
            }

            if (StateRules.Allows(device.Type, device.Front, device.Back, faults: true))
            {
                Reach(BranchOf((device.Front, device.Back)));
            }

            return;
        }

        if (!what.Exists)
        {
            Removed(at.Time, device, front, before);
        }

        if (what.Exists && (before != XenbusState.Unknown || state is < XenbusState.Initialising or > XenbusState.Reconfigured))
        {
            Step(at.Time, device, front, before, state, what.Value);
        }

        if (device.Front != XenbusState.Unknown && device.Back != XenbusState.Unknown)
        {
            Pair(at.Time, device);
        }
    }

    public override void AtSlice(CheckedRun run)
    {
        var all = ++_slices % SlicesBetweenLooks == 0;
        foreach (var device in _paths.Devices)
        {
            if (device.Changed || device.HasNoRings || all)
            {
                device.HasNoRings = device is { Type: "vbd", Front: XenbusState.Connected, Back: XenbusState.Connected } && !run.Excuse(device.Name) && LacksRings(run, device);
            }

            device.Changed = false;
        }
    }

    private void Step(VirtualTime at, WatchedDevice device, bool front, XenbusState from, XenbusState to, ReadOnlyMemory<byte> value)
    {
        if (to == XenbusState.Unknown)
        {
            Fail(at, $"{device.Name}: the {(front ? "frontend" : "backend")} wrote '{System.Text.Encoding.Latin1.GetString(value.Span)}', which is no state");
        }
        else if (!front && from == XenbusState.Connected && to == XenbusState.Closed && device.Front == XenbusState.Connected && GuestLives.Runs(_run!.Machine, device.Domain)
            && !_run.TakenApart.Contains(device.Domain))
        {
            // Closing comes first, and the frontend's answer to it; who only comes anew begins anew, and says nothing of an end.
            Fail(at, $"{device.Name}: the backend went from 4 (Connected) to 6 (Closed) under a frontend that is 4 (Connected)");
        }
        else if (!front && device.IsUnplugged && (device.ClosesConnecting || _run!.AnyResize) && StateRules.Overwrites(from, to))
        {
            Reach("connects over an unplug");
        }
        else if (!StateRules.Follows(device.Type, front, from, to, IsForced(device)))
        {
            Fail(at, $"{device.Name}: the {(front ? "frontend" : "backend")} went from {(int)from} ({from}) to {(int)to} ({to})");
        }
    }

    // Who takes a device away waits until both ends are Closed, or for so long that it may use force; a domain that does not run has no say.
    private void Removed(VirtualTime at, WatchedDevice device, bool front, XenbusState before)
    {
        var (open, forced) = (IsOpen(before), IsOverdue(at, device));
        Reach(!open ? "removed closed" : forced ? "removed by force" : "removed open");
        if (open && !forced && !device.HasClosed && GuestLives.Runs(_run!.Machine, device.Domain))
        {
            Fail(at, $"{device.Name}: the directory of the {(front ? "frontend" : "backend")} was removed in state {(int)before} ({before}), and its domain runs");
        }
    }

    private void Pair(VirtualTime at, WatchedDevice device)
    {
        var pair = (device.Front, device.Back);
        if (!StateRules.Allows(device.Type, device.Front, device.Back, IsForced(device)))
        {
            Fail(at, $"{device.Name}: frontend {(int)device.Front} ({device.Front}) and backend {(int)device.Back} ({device.Back}) side by side");
            return;
        }

        Reach(BranchOf(pair));
    }

    private string BranchOf((XenbusState Front, XenbusState Back) pair)
    {
        if (!_branches.TryGetValue(pair, out var branch))
        {
            _branches.Add(pair, branch = Branch(pair.Front, pair.Back));
        }

        return branch;
    }

    private static bool IsOpen(XenbusState state) => state is not (XenbusState.Unknown or XenbusState.Initialising or XenbusState.Closed);

    private static bool IsOverdue(VirtualTime at, WatchedDevice device) => device.Closes is { } since && at - since >= Patience;

    private bool IsForced(WatchedDevice device) => _run!.AnyFault || _run.Forced.Contains(device.Domain);

    private static string Branch(XenbusState front, XenbusState back) => string.Create(CultureInfo.InvariantCulture, $"{(int)front},{(int)back}");

    // Of a driver that was just bound nobody has heard yet that it begins anew: the second look counts.
    private bool LacksRings(CheckedRun run, WatchedDevice device)
    {
        if (run.Simulator.StateOf<BackendXenbusState>(run.Machine.Places.Xenbus(0)) is not { } bus)
        {
            return false;
        }

        var node = $"backend/vbd/{device.Domain}/{device.Number}";
        foreach (var backend in bus.Devices)
        {
            if (backend.Node == node && run.Simulator.StateOf<BlkbackState>(backend.Driver) is { } back)
            {
                Reach("rings looked at");
                var lacks = back.Rings.Count == 0 || back.Rings.Exists(r => r.Ring is null);
                if (lacks && device.HasNoRings)
                {
                    Fail(run.Simulator.Now, $"{device.Name}: both ends are Connected, and the backend has mapped {back.Rings.FindAll(r => r.Ring is not null).Count} of {back.Rings.Count} rings");
                }

                return lacks;
            }
        }

        return false;
    }
}
