using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block;

namespace XenActors.Experiments.Checkers.Grants;

/// <summary>
/// G2: after a page's grant has been revoked with success nobody else writes into the page. So a grant that is mapped cannot be revoked, a mapping is ended
/// once, and a backend writes only into what it has mapped.
/// </summary>
public sealed class NoForeignWrite() : Checker("g2-no-foreign-write"),
    IObserve<GrantGiven>, IObserve<GrantMapped>, IObserve<GrantUnmapped>, IObserve<GrantRevoked>, IObserve<ForeignPageWritten>
{
    private readonly Dictionary<(ushort Owner, uint Ref), Grant> _grants = [];
    private readonly Dictionary<(ushort Owner, ushort By, uint Handle), uint> _handles = [];

    private CheckedRun? _run;

    /// <remarks>
    /// Without "excused": grant-revoke ends what nobody has mapped, as Xen does, and Xen refuses maps of it; so a driver must be wrong, too, before there is
    /// anything to excuse.
    /// </remarks>
    public override IReadOnlyList<string> AllBranches { get; } = ["mapped", "mapped read-only", "unmapped", "revoked", "written"];

    public override void Attach(CheckedRun run)
    {
        _run = run;
        run.Observe<GrantGiven>(this);
        run.Observe<GrantMapped>(this);
        run.Observe<GrantUnmapped>(this);
        run.Observe<GrantRevoked>(this);
        run.Observe<ForeignPageWritten>(this);
    }

    public void On(in Observed at, in GrantGiven what)
    {
        Seen++;
        var key = (what.Owner, what.Ref);
        if (_grants.TryGetValue(key, out var known) && known.Pins > 0)
        {
            Blame(at, what.Owner, $"dom{what.Owner} gives reference {what.Ref} anew, which is mapped {known.Pins} times");
        }

        _grants[key] = new(0, Revoked: false, at.Time);
    }

    public void On(in Observed at, in GrantMapped what)
    {
        Reach(what.ReadOnly ? "mapped read-only" : "mapped");
        var key = (what.Owner, what.Ref);
        var grant = _grants.GetValueOrDefault(key);
        if (grant.Revoked)
        {
            Blame(at, what.Owner, $"dom{what.By} maps reference {what.Ref} of dom{what.Owner}, which was revoked at {grant.Since}");
        }

        _grants[key] = grant with { Pins = grant.Pins + 1 };
        if (!_handles.TryAdd((what.Owner, what.By, what.Handle), what.Ref))
        {
            Blame(at, what.Owner, $"dom{what.By} gets handle {what.Handle} for reference {what.Ref} of dom{what.Owner}, and has it already for {_handles[(what.Owner, what.By, what.Handle)]}");
            _handles[(what.Owner, what.By, what.Handle)] = what.Ref;
        }
    }

    public void On(in Observed at, in GrantUnmapped what)
    {
        Reach("unmapped");
        if (!_handles.Remove((what.Owner, what.By, what.Handle), out var reference))
        {
            Blame(at, what.Owner, $"dom{what.By} ends handle {what.Handle} of dom{what.Owner}'s pages, which it has not");
            return;
        }

        var grant = _grants[(what.Owner, reference)];
        _grants[(what.Owner, reference)] = grant with { Pins = grant.Pins - 1 };
    }

    public void On(in Observed at, in GrantRevoked what)
    {
        Reach("revoked");
        var grant = _grants.GetValueOrDefault((what.Owner, what.Ref));
        if (grant.Pins > 0)
        {
            Blame(at, what.Owner, $"dom{what.Owner} has revoked reference {what.Ref} with success while it is mapped {grant.Pins} times");
        }

        _grants[(what.Owner, what.Ref)] = new(grant.Pins, Revoked: true, at.Time);
    }

    public void On(in Observed at, in ForeignPageWritten what)
    {
        Reach("written");
        var grant = _grants.GetValueOrDefault((what.Owner, what.Ref));
        if (grant.Revoked)
        {
            Blame(at, what.Owner, $"a backend writes into the page of dom{what.Owner}'s reference {what.Ref}, which was revoked at {grant.Since}");
        }
        else if (grant.Pins == 0)
        {
            Blame(at, what.Owner, $"a backend writes into the page of dom{what.Owner}'s reference {what.Ref}, which nobody has mapped");
        }
    }

    // A fault that takes pages back from under a backend breaks this by design, for its own domain.
    private void Blame(in Observed at, ushort owner, string text)
    {
        if (_run!.Regranted.Names(owner))
        {
            Reach("excused");
        }
        else
        {
            Fail(at.Time, text);
        }
    }

    private readonly record struct Grant(int Pins, bool Revoked, VirtualTime Since);
}
