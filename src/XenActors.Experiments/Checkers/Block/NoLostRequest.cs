using XenActors.Guest.Block;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// G1: each request of a frontend gets exactly one response, or is queued anew when the ring is given up. Twice over: between block layer and driver by the
/// requests' cookies, and on each ring by the slots' ids, at both ends.
/// </summary>
public sealed class NoLostRequest() : BlockTraffic("g1-no-lost-request"),
    IObserve<RingRequestSent>, IObserve<RingResponseTaken>, IObserve<RingResponseBelieved>, IObserve<RingLeft>, IObserve<RingRequestTaken>, IObserve<RingResponseSent>
{
    /// <summary>Longer than any disk, backend's rest or spurious event's delay takes, with nothing broken.</summary>
    public static readonly VirtualDuration PatienceDefault = VirtualDuration.FromSeconds(30);

    private readonly Dictionary<(ActorRef Front, uint Ring, ulong Id), VirtualTime> _out = [];
    private readonly Dictionary<(ActorRef Front, uint Ring), int> _rings = [];
    private readonly Dictionary<(ActorRef Back, uint Ring), long> _taken = [];
    private readonly Dictionary<ActorRef, string> _names = [];

    // The response that a frontend took last, where it answers nothing that was out.
    private readonly Dictionary<ActorRef, (uint Ring, ulong Id)> _wrong = [];
    private CheckedRun? _run;

    public VirtualDuration Patience { get; init; } = PatienceDefault;

    public override IReadOnlyList<string> AllBranches { get; } =
    [
        "request", "answered", "failed", "response", "ring left with requests out", "excused",
    ];

    public override void Attach(CheckedRun run)
    {
        base.Attach(run);
        _run = run;
        run.Observe<RingRequestSent>(this);
        run.Observe<RingResponseTaken>(this);
        run.Observe<RingResponseBelieved>(this);
        run.Observe<RingLeft>(this);
        run.Observe<RingRequestTaken>(this);
        run.Observe<RingResponseSent>(this);
    }

    public void On(in Observed at, in RingRequestSent what)
    {
        _rings[(at.Actor, what.Ring)] = _rings.GetValueOrDefault((at.Actor, what.Ring)) + 1;
        if (!_out.TryAdd((at.Actor, what.Ring, what.Id), at.Time))
        {
            Blame(at, $"id {what.Id} goes onto ring {what.Ring} again before its response");
        }
    }

    public void On(in Observed at, in RingResponseTaken what)
    {
        Reach("response");
        _wrong.Remove(at.Actor);
        if (_out.Remove((at.Actor, what.Ring, what.Id)))
        {
            _rings[(at.Actor, what.Ring)]--;
        }
        else
        {
            _wrong[at.Actor] = (what.Ring, what.Id);
            Blame(at, $"ring {what.Ring} brought a response to id {what.Id}, which is not out");
        }
    }

    // Whatever a backend or a fault puts onto a ring: that it answers nothing the frontend must see.
    public void On(in Observed at, in RingResponseBelieved what)
    {
        if (_wrong.Remove(at.Actor, out var wrong) && wrong == (what.Ring, what.Id))
        {
            Fail(at.Time, $"{_names.GetValueOrDefault(at.Actor, at.Actor.ToString())}: the frontend believes a response to id {what.Id} of ring {what.Ring}, which is not out");
        }
    }

    public void On(in Observed at, in RingLeft what)
    {
        // What is out is the block layer's again: there it is followed to its end.
        if (_rings.Remove((at.Actor, what.Ring), out var count) && count > 0)
        {
            Reach("ring left with requests out");
            foreach (var key in _out.Keys)
            {
                if (key.Front == at.Actor && key.Ring == what.Ring)
                {
                    _out.Remove(key);
                }
            }
        }
    }

    public void On(in Observed at, in RingRequestTaken what) =>
        _taken[(at.Actor, what.Ring)] = _taken.GetValueOrDefault((at.Actor, what.Ring)) + 1;

    public void On(in Observed at, in RingResponseSent what)
    {
        var left = _taken.GetValueOrDefault((at.Actor, what.Ring)) - 1;
        _taken[(at.Actor, what.Ring)] = left;
        if (left < 0)
        {
            Fail(at.Time, $"the backend of dom{what.Frontend} put a response to id {what.Id} onto ring {what.Ring}, which had brought no request for it");
        }
    }

    public override void AtEnd(CheckedRun run)
    {
        var since = run.AllHealedAt ?? VirtualTime.Zero;
        if (run.FaultsOn)
        {
            return;
        }

        foreach (var request in Open)
        {
            var begun = request.At > since ? request.At : since;
            if (run.Simulator.Now - begun > Patience && Lives(run, request) && !run.Excuse(request.Disk.Device))
            {
                Fail(run.Simulator.Now, $"{request.Disk.Device}: {request.Request} of {request.At} has had no answer");
            }
        }
    }

    protected override void Begun(BlockTaken request)
    {
        Reach("request");
        _names.TryAdd(request.Driver, request.Disk.Device);
    }

    protected override void Ended(in Observed at, BlockTaken request, in BlockDone done) => Reach(done.Ok ? "answered" : "failed");

    protected override void Doubled(in Observed at, BlockTaken request) => Blame(at, $"{request.Request} comes while one of its number is out");

    protected override void Unasked(in Observed at, DiskIdentity disk, in BlockDone done)
    {
        if (!Excused(disk))
        {
            Fail(at.Time, $"{disk.Device}: {done} answers nothing that is out: it was answered twice, or never asked");
        }
    }

    private static bool Lives(CheckedRun run, BlockTaken request) =>
        run.Simulator.IsAlive(request.Driver) && run.Machine.Places.DomainOf(request.Driver.Process) is { } domain && GuestLives.Runs(run.Machine, domain);

    private void Blame(in Observed at, string text)
    {
        var device = _names.GetValueOrDefault(at.Actor, at.Actor.ToString());
        if (_run!.Excuse(device))
        {
            Reach("excused");
            return;
        }

        Fail(at.Time, $"{device}: {text}");
    }
}
