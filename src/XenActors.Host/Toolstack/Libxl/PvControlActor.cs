using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// The process of one <c>xl shutdown</c>, <c>xl reboot</c> or of a suspend's first half: writes <c>control/shutdown</c> and waits until the guest has taken
/// the command out of it (libxl__domain_pvcontrol).
/// </summary>
public sealed class PvControlActor : Actor<PvControlState>
{
    private static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(60);

    protected override void PreStart() => Context.Tell(State.Peers.Places.Domain(State.Order.Domain), new GetDomainInfo());

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in DomainInfo m)
    {
        if (State.Step == PvControlStep.Suspending)
        {
            if (m.Status == DomainStatus.Shutdown)
            {
                Suspended(m.Reason);
            }
            else if (m.Status != DomainStatus.Alive)
            {
                End($"guest we were suspending has been destroyed\n{SaveFailed}");
            }

            return;
        }

        if (m.Status is not (DomainStatus.Alive or DomainStatus.Shutdown))
        {
            End($"{State.Order.Domain} is an invalid domain identifier (rc=-6)");
        }
        else if (!m.PvControl && State.Order.Kind == XlCommandKind.Suspend)
        {
            SuspendUnasked();
        }
        else if (!m.PvControl)
        {
            var words = "PV control interface not available: external graceful shutdown not possible.\nUse \"-F\" to fallback to ACPI power event.\n";
            End($"{words}{Verb} failed (rc=-10)");
        }
        else
        {
            State.Step = PvControlStep.Writing;
            State.Timer = Context.StartTimer(new CommandDue(), Patience);
            Run(new StoreBatch().Read($"{Root}/name").DomainPath(State.Order.Domain).Write(Node, State.Order.Text).Watch(Node, "3/0"));
        }
    }

    public void On(in XsReply m)
    {
        if (State.Step != PvControlStep.Ended && State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    public void On(in XsWatchEvent m)
    {
        State.ReadAgain = true;
        if (State.Step == PvControlStep.Suspending)
        {
            Context.Tell(State.Peers.Places.Domain(State.Order.Domain), new GetDomainInfo());
        }
        else if (State.Step == PvControlStep.Waiting)
        {
            Read();
        }
    }

    public void On(in CommandDue m)
    {
        if (State.Step == PvControlStep.Suspending)
        {
            End($"guest did not suspend, timed out\n{SaveFailed}");
        }
        else if (State.Step is PvControlStep.Waiting or PvControlStep.Reading)
        {
            State.Step = PvControlStep.Retracting;
            State.Batch = new();
            Run(new StoreBatch().Begin().Read(Node).Write(Node, "").End());
        }
    }

    private string Root => $"/local/domain/{State.Order.Domain}";

    private string Node => $"{Root}/control/shutdown";

    private string Verb => State.Order.Kind.ToString().ToLowerInvariant();

    // The first half is done; how it goes on is the order's choice.
    private void Suspended(Abi.ShutdownReason reason)
    {
        if (reason != Abi.ShutdownReason.Suspend)
        {
            End($"guest we were suspending has shut down with unexpected reason code {(uint)reason}\n{SaveFailed}");
        }
        else if (State.Order.Flag)
        {
            Suspended();
        }
        else
        {
            Run(new StoreBatch().Add(StoreOpKind.Resume, $"{State.Order.Domain}"), PvControlStep.Resuming);
        }
    }

    private void Suspended()
    {
        State.Step = PvControlStep.Ended;
        Context.Tell(Context.Parent, new GuestSuspended(State.Order));
        Context.Stop();
    }

    // An HVM guest without drivers is shut down where it is, and notices nothing when it goes on.
    private void SuspendUnasked()
    {
        if (State.Order.Flag)
        {
            End("not modelled: the state of a device model whose guest has no PV drivers, which xl restore would load\n" + SaveFailed);
            return;
        }

        Context.Tell(State.Peers.Places.Domain(State.Order.Domain), new ShutdownDomain(Abi.ShutdownReason.Suspend));
        State.Timer = Context.StartTimer(new CommandDue(), Patience);
        Run(new StoreBatch().Watch("@releaseDomain", "3/1"), PvControlStep.Suspending);
    }

    // xl save's own line behind libxl's.
    internal const string SaveFailed = "Failed to save domain, resuming domain";

    private void Run(StoreBatch batch, PvControlStep step)
    {
        State.Step = step;
        Run(batch);
    }

    private void Run(StoreBatch batch)
    {
        State.Xs.Forget();
        State.Batch = batch;
        if (batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    private void Read()
    {
        State.Step = PvControlStep.Reading;
        State.ReadAgain = false;
        Run(new StoreBatch().Read(Node));
    }

    private void Answered()
    {
        switch (State.Step)
        {
            case PvControlStep.Writing when State.Batch.Failure is { } failure:
                End(failure);
                break;
            case PvControlStep.Writing:
                State.Step = PvControlStep.Waiting;
                if (State.ReadAgain)
                {
                    Read();
                }

                break;
            case PvControlStep.Reading when State.Xs.Text(Node) is null or { Length: 0 } && State.Order.Kind == XlCommandKind.Suspend:
                // The node may have gone with its domain. Another minute until it is down; xenstored tells of it.
                Context.CancelTimer(State.Timer);
                State.Timer = Context.StartTimer(new CommandDue(), Patience);
                Run(new StoreBatch().Unwatch(Node, "3/0").Watch("@releaseDomain", "3/1"), PvControlStep.Suspending);
                break;
            case PvControlStep.Reading when State.Xs.Text(Node) is { Length: 0 }:
                End("");
                break;
            case PvControlStep.Resuming:
                Suspended();
                break;
            case PvControlStep.Reading when State.Xs.Text(Node) is null:
                End($"{Verb} failed (rc=-21)"); // The domain went meanwhile.
                break;
            case PvControlStep.Reading:
                State.Step = PvControlStep.Waiting;
                if (State.ReadAgain)
                {
                    Read();
                }

                break;
            case PvControlStep.Retracting when State.Order.Kind == XlCommandKind.Suspend:
                End($"guest didn't acknowledge suspend, cancelling request\n{SaveFailed}");
                break;
            case PvControlStep.Retracting:
                End($"guest didn't acknowledge control request: -9\n{Verb} failed (rc=-9)");
                break;
        }
    }

    private void End(string error)
    {
        State.Step = PvControlStep.Ended;
        var order = State.Order;
        Context.Tell(order.Requester, new CommandEnded(order.Kind, order.Domain, order.Text, error.Length == 0, error));
        Context.Stop();
    }
}
