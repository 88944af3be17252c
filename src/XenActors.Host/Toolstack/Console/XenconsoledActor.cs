using System.Globalization;
using XenActors.Hypervisor;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Console;

/// <summary>
/// xenconsoled: hears of a domain's introduction, watches its console directory, and names the pty once ring, port and type stand
/// there. It works off one domain after another, as the daemon's single thread does.
/// </summary>
public sealed class XenconsoledActor : Actor<XenconsoledState>
{
    private const string Domains = "/local/domain";

    // openpty and the terminal's settings.
    private static readonly VirtualDuration PtyTime = VirtualDuration.FromMicroseconds(200);

    protected override void PreStart()
    {
        State.Step = XenconsoledStep.Watching;
        State.Xs.Watch(Context, "@introduceDomain", "domlist");
        State.Xs.Watch(Context, "@releaseDomain", "domlist");
    }

    public void On(in XsWatchEvent m)
    {
        if (m.Token == "domlist")
        {
            State.ListAgain = true;
        }
        else if (m.Token.StartsWith("dom", StringComparison.Ordinal)
            && ushort.TryParse(m.Token.AsSpan(3), CultureInfo.InvariantCulture, out var domain)
            && State.Consoles.ContainsKey(domain) && !State.Queue.Contains(domain))
        {
            State.Queue.Add(domain);
        }

        if (State.Step == XenconsoledStep.Idle)
        {
            Next();
        }
    }

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m))
        {
            Advance();
        }
    }

    // What a guest writes to its console does not come through its ring here.
    public void On(in EvtchnBound m)
    {
        if (m.Error == Abi.XenErrno.None && State.Consoles.TryGetValue((ushort)m.Cookie, out var console))
        {
            console.Port = m.Port;
        }
        else if (m.Error == Abi.XenErrno.None)
        {
            Context.Tell(EventChannels, new CloseEvent(m.Port));
        }
    }

    public void On(in EventFired m)
    {
    }

    public void On(in PtyOpened m)
    {
        State.Step = XenconsoledStep.WritingTty;
        State.Xs.Write(Context, $"{Dir}/tty", State.Consoles[State.Current].Tty);
    }

    private ActorRef EventChannels => new(Self.Process, DomainPlaces.EventChannelsLocal);

    private string Dir => $"{Domains}/{State.Current}/console";

    private void Advance()
    {
        switch (State.Step)
        {
            case XenconsoledStep.Listing:
                Compare();
                break;
            case XenconsoledStep.ReadingRing:
                Ring();
                break;
            case XenconsoledStep.ReadingLimit:
                State.Step = XenconsoledStep.OpeningPty;
                Context.StartTimer(new PtyOpened(), PtyTime);
                break;
            case XenconsoledStep.Watching or XenconsoledStep.WatchingConsole or XenconsoledStep.WritingTty or XenconsoledStep.Idle:
                Next();
                break;
        }
    }

    private void Next()
    {
        State.Step = XenconsoledStep.Idle;
        State.Xs.Forget();
        if (State.ListAgain)
        {
            State.ListAgain = false;
            State.Step = XenconsoledStep.Listing;
            State.Xs.Directory(Context, Domains);
        }
        else if (State.Queue.Count > 0)
        {
            State.Current = State.Queue[0];
            State.Queue.RemoveAt(0);
            State.Step = XenconsoledStep.ReadingRing;
            State.Xs.Read(Context, $"{Dir}/ring-ref");
            State.Xs.Read(Context, $"{Dir}/port");
            State.Xs.Read(Context, $"{Dir}/type");
        }
    }

    private void Compare()
    {
        SortedSet<ushort> present = [];
        foreach (var name in State.Xs.Children(Domains))
        {
            if (ushort.TryParse(name, CultureInfo.InvariantCulture, out var domain) && domain != 0)
            {
                present.Add(domain);
            }
        }

        List<ushort> gone = [];
        foreach (var domain in State.Consoles.Keys)
        {
            if (!present.Contains(domain))
            {
                gone.Add(domain);
            }
        }

        var asked = gone.Count;
        foreach (var domain in gone)
        {
            State.Consoles.Remove(domain, out var console);
            if (console!.Port != 0)
            {
                Context.Tell(EventChannels, new CloseEvent(console.Port));
            }

            State.Queue.Remove(domain);
            State.Xs.Unwatch(Context, $"{Domains}/{domain}/console", $"dom{domain}");
        }

        foreach (var domain in present)
        {
            if (State.Consoles.TryAdd(domain, new()))
            {
                asked++;
                State.Xs.Watch(Context, $"{Domains}/{domain}/console", $"dom{domain}");
            }
        }

        State.Step = XenconsoledStep.WatchingConsole;
        if (asked == 0)
        {
            Next();
        }
    }

    private void Ring()
    {
        var ready = State.Xs.Number($"{Dir}/ring-ref") is not null && State.Xs.Number($"{Dir}/port") is not null
            && State.Xs.Text($"{Dir}/type") == "xenconsoled";
        if (!State.Consoles.TryGetValue(State.Current, out var console) || !ready || console.Tty.Length > 0)
        {
            Next();
            return;
        }

        // domain_create_ring: the port is bound before the pty is there.
        if (State.Xs.Number($"{Dir}/port") is > 0 and <= uint.MaxValue and var port)
        {
            Context.Tell(EventChannels, new BindInterdomain(State.Current, (uint)port, State.Current));
        }

        console.Tty = $"/dev/pts/{FreePty()}";
        State.Step = XenconsoledStep.ReadingLimit;
        State.Xs.Read(Context, $"{Dir}/limit");
    }

    // The host's ptys have no owner of their own: even numbers are this daemon's, odd ones QEMU's serial ports.
    private int FreePty()
    {
        for (var pty = 0; ; pty += 2)
        {
            var taken = false;
            foreach (var console in State.Consoles.Values)
            {
                taken |= console.Tty == $"/dev/pts/{pty}";
            }

            if (!taken)
            {
                return pty;
            }
        }
    }
}
