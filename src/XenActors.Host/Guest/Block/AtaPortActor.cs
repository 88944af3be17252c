using XenActors.DeviceModel;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A libata port: its scripts' steps become port accesses to the domain, one at a time, and interrupts go on with them.</summary>
public sealed class AtaPortActor : Actor<AtaPortState>
{
    protected override void PreStart() => Context.Tell(State.Domain, new RequestIrq(State.Irq));

    public void On(in AtaSubmit m) => Take(new(Sender, m.Cookie, m));

    public void On(in AtaReset m) => Take(new(Sender, m.Cookie, null));

    public void On(in AtaListen m) => State.Listeners.Add(Sender);

    public void On(in AtaFreeze m)
    {
        State.Freezer = Sender;
        StartIfIdle();
    }

    public void On(in AtaThaw m)
    {
        (State.Freezer, State.IsFrozen) = (ActorRef.None, false);
        StartIfIdle();
    }

    public void On(in IoreqDone m)
    {
        if (State.Awaiting is (byte)AtaStepKind.In or (byte)AtaStepKind.Out or (byte)AtaStepKind.OutString)
        {
            GoOn(new(m.Value, []));
        }
    }

    public void On(in IoreqStringDone m)
    {
        if (State.Awaiting == (byte)AtaStepKind.InString)
        {
            GoOn(new(0, m.Data));
        }
    }

    public void On(in GuestMemoryRead m)
    {
        if (State.Awaiting == (byte)AtaStepKind.Load)
        {
            GoOn(new(0, m.Data));
        }
    }

    // The vCPU takes an interrupt between two instructions, and not within the access that caused it.
    public void On(in InterruptRaised m)
    {
        State.InterruptSeen = true;
        if (State.Awaiting == (byte)AtaStepKind.WaitInterrupt)
        {
            State.InterruptSeen = false;
            GoOn(AtaAnswer.None);
        }
        else
        {
            StartIfIdle();
        }
    }

    private void Take(AtaJob job)
    {
        State.Waiting.Enqueue(job);
        StartIfIdle();
    }

    private void StartIfIdle()
    {
        if (State is { Active: null, Awaiting: null })
        {
            Start();
        }
    }

    // An interrupt that is nobody's goes before the next command.
    private void Start()
    {
        if (State.InterruptSeen)
        {
            State.InterruptSeen = false;
            State.SpuriousInterrupts++;
            Run();
        }
        else if (!State.Freezer.IsNone)
        {
            if (!State.IsFrozen)
            {
                State.IsFrozen = true;
                Context.Tell(State.Freezer, new AtaFrozen());
            }
        }
        else if (State.Waiting.TryDequeue(out var job))
        {
            State.Active = job;
            Run();
        }
    }

    private void GoOn(in AtaAnswer answer)
    {
        State.Awaiting = null;
        State.Answers.Add(answer);
        Run();
    }

    private void Run()
    {
        var run = new AtaRun(State);
        using var script = AtaScript.Of(run).GetEnumerator();
        foreach (var answer in State.Answers)
        {
            script.MoveNext();
            run.Answer = answer;
        }

        while (script.MoveNext())
        {
            if (!Do(script.Current))
            {
                State.Awaiting = (byte)script.Current.Kind;
                return;
            }

            State.Answers.Add(AtaAnswer.None);
            run.Answer = AtaAnswer.None;
        }

        State.Answers.Clear();
        End(run);
        Start();
    }

    // True when the script can go on at once.
    private bool Do(in AtaStep step)
    {
        switch (step.Kind)
        {
            case AtaStepKind.In:
                Context.Tell(State.Domain, new PortRead((ushort)step.Address, step.Size));
                return false;
            case AtaStepKind.Out:
                Context.Tell(State.Domain, new PortWrite((ushort)step.Address, step.Size, step.Value));
                return false;
            case AtaStepKind.InString:
                Context.Tell(State.Domain, new PortReadString((ushort)step.Address, step.Size, step.Value));
                return false;
            case AtaStepKind.OutString:
                Context.Tell(State.Domain, new PortWriteString((ushort)step.Address, step.Size, step.Data!));
                return false;
            case AtaStepKind.Store:
                Context.Tell(State.Domain, new WriteGuestMemory([step.Extent], step.Data!));
                return true;
            case AtaStepKind.Load:
                Context.Tell(State.Domain, new ReadGuestMemory([step.Extent], 0));
                return false;
            case AtaStepKind.EndInterrupt:
                Context.Tell(State.Domain, new EndOfInterrupt(State.Irq));
                return true;
            default:
                var seen = State.InterruptSeen;
                State.InterruptSeen = false;
                return seen;
        }
    }

    private void End(AtaRun run)
    {
        if (State.Active is not { } job)
        {
            foreach (var listener in State.Listeners)
            {
                Context.Tell(listener, new AtaIdleInterrupt());
            }

            return;
        }

        State.Active = null;
        if (job.Reset)
        {
            // The reset's own interrupt tells of nothing.
            Context.Tell(job.Asker, new AtaResetDone(job.Cookie, run.Signatures[0], run.Signatures[1]));
        }
        else
        {
            State.Commands++;
            Context.Tell(job.Asker, new AtaEnded(job.Cookie, run.Status, run.Error, run.Data));
        }
    }
}
