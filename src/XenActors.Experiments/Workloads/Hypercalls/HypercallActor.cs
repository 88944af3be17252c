using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Hypercalls;

/// <summary>
/// A program in a guest that makes hypercalls, one after the other: on ports and pages of its own, so that no driver loses what it has, and with arguments that
/// Xen must refuse. What Xen must answer is known of most; the calls stand in <c>HypercallActor.Calls.cs</c>.
/// </summary>
public sealed partial class HypercallActor : Actor<HypercallState>
{
    /// <summary>A call that a suspend has overtaken is not answered any more.</summary>
    private static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(1);

    private const int WrongMax = 10;

    protected override void PreStart() => Context.StartTimer(new HypercallDue(0), Pause());

    public void On(in HypercallDue m)
    {
        if (m.Call != State.Calls || State.Finished)
        {
            return;
        }

        State.Unanswered += State.Out ? 1 : 0;
        Next();
    }

    public void On(in EventChannelOpResult m)
    {
        if (m.Cookie == State.Calls && State.Out)
        {
            Opened(in m);
            Judge(m.Result);
        }
    }

    public void On(in GrantTableOpResult m)
    {
        if (m.Cookie == State.Calls)
        {
            Judge(m.Result);
        }
    }

    public void On(in EvtchnBound m)
    {
        if (m.Cookie == State.Calls)
        {
            if (m.Error == XenErrno.None)
            {
                State.Ports.Add(m.Port);
                Raise(m.Port);
            }

            Judge(-(long)m.Error);
        }
    }

    public void On(in PollPortsResult m)
    {
        if (m.Cookie == State.Calls)
        {
            Judge(m.Result);
        }
    }

    public void On(in PagesGranted m)
    {
        if (m.Cookie != State.Calls)
        {
            return;
        }

        foreach (var reference in m.Refs)
        {
            State.Refs.Add(reference);
            Context.Tell(State.Peer, new PageOffered(reference, State.GrantTable));
        }

        Judge(0);
    }

    public void On(in AccessEnded m)
    {
        if (m.Cookie == State.Calls)
        {
            Judge(0);
        }
    }

    public void On(in ReferencesHeld m)
    {
        if (m.Cookie == State.Calls)
        {
            // All that there are, to the last one.
            State.Hoards |= m.Ok;
            State.Taking = m.Ok ? State.Taking : State.Taking / 2;
            if (State.Taking > 0)
            {
                Context.Tell(State.GrantTable, new HoldReferences(State.Taking, State.Calls));
            }
            else
            {
                Judge(0);
            }
        }
    }

    public void On(in TransferPageResult m)
    {
        if (m.Cookie == State.Calls)
        {
            // No entry there waits for a page of ours.
            Judge(m.Status == GnttabStatus.Okay ? 0 : -1);
        }
    }

    public void On(in EventFired m) => State.Events++;

    private void Judge(long result)
    {
        if (!State.Out)
        {
            return;
        }

        State.Out = false;
        State.Refused += result < 0 ? 1 : 0;
        if (State.Expected is { } expected && expected != result && State.Wrong.Count < WrongMax)
        {
            State.Wrong.Add($"{State.Words} was answered {result} instead of {expected}");
        }

        Over();
    }

    private void Over()
    {
        State.Done++;
        Context.StartTimer(new HypercallDue(State.Calls), Pause());
    }

    private void Next()
    {
        if (State.Done >= State.Traffic.Operations)
        {
            Leave();
            return;
        }

        State.Calls++;
        (State.Out, State.Expected, State.Words) = (true, null, "");
        Call();
        if (State.Out)
        {
            Context.StartTimer(new HypercallDue(State.Calls), Patience);
        }
        else
        {
            Over();
        }
    }

    // What a process has open is closed when it ends.
    private void Leave()
    {
        foreach (var port in State.Ports)
        {
            Context.Tell(State.EventChannels, new CloseEvent(port));
        }

        if (State.Hoards)
        {
            Context.Tell(State.GrantTable, new FreeReferences());
        }

        if (State.Refs.Count > 0)
        {
            Context.Tell(State.GrantTable, new EndAccess([.. State.Refs], -1, Defer: true));
        }

        State.Ports.Clear();
        State.Refs.Clear();
        State.Finished = true;
    }

    private VirtualDuration Pause() => Context.Random.NextExponential(State.Traffic.Interval);
}
