using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>A vCPU that waits in SCHEDOP_poll.</summary>
[Codec]
public sealed partial record Poller(long Number, ActorRef Asker, long Cookie, List<uint> Ports);

/// <summary>SCHEDOP_poll, and a domain whose vCPUs do not run. Source: <c>xen/common/sched/core.c</c>, do_poll.</summary>
public sealed partial class EventChannelsActor
{
    // "Fairly arbitrary limit", in do_poll's words.
    private const int PollPortsMax = 128;

    public void On(in VcpusPaused m)
    {
        State.Paused = m.Paused;
        if (!m.Paused)
        {
            Recheck();
        }
    }

    public void On(in PollPorts m)
    {
        var error = m.Ports.Count > PollPortsMax ? XenErrno.EINVAL : XenErrno.None;
        var ready = false;
        for (var i = 0; error == XenErrno.None && !ready && i < m.Ports.Count; i++)
        {
            // As do_poll goes: what stands behind a pending port is not looked at.
            var known = Xen.IsKnown(m.Ports[i]);
            error = known ? XenErrno.None : XenErrno.EINVAL;
            ready = known && Xen.IsPending(m.Ports[i]);
        }

        var now = (ulong)Context.Now.Nanoseconds;
        if (error != XenErrno.None || ready || (m.TimeoutNs != 0 && m.TimeoutNs <= now))
        {
            Context.Tell(Sender, new PollPortsResult(m.Cookie, -(long)error));
            return;
        }

        var poller = new Poller(State.NextPoller++, Sender, m.Cookie, m.Ports);
        State.Pollers.Add(poller);
        if (m.TimeoutNs != 0 && m.TimeoutNs - now <= long.MaxValue)
        {
            Context.StartTimer(new PollDue(poller.Number), new VirtualDuration((long)(m.TimeoutNs - now)));
        }
    }

    public void On(in PollDue m)
    {
        var number = m.Poller;
        var at = State.Pollers.FindIndex(p => p.Number == number);
        if (at >= 0)
        {
            Wake(at);
        }
    }

    // evtchn_check_pollers
    private void WakePollers()
    {
        for (var i = 0; i < State.Pollers.Count;)
        {
            if (State.Pollers[i].Ports.Exists(Xen.IsPending))
            {
                Wake(i);
            }
            else
            {
                i++;
            }
        }
    }

    private void Wake(int at)
    {
        var poller = State.Pollers[at];
        State.Pollers.RemoveAt(at);
        Context.Tell(poller.Asker, new PollPortsResult(poller.Cookie, 0));
    }
}
