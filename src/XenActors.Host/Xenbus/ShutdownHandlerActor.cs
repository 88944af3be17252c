using XenActors.Guest;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

/// <summary>
/// A guest kernel's <c>shutdown_handler</c> (<c>drivers/xen/manage.c</c>): takes the command out of <c>control/shutdown</c> in a transaction, which is
/// how the toolstack learns that it has arrived, and hands it to the kernel.
/// </summary>
public sealed class ShutdownHandlerActor : Actor<ShutdownHandlerState>
{
    private const string Node = "control/shutdown";

    public void On(in XsWatchEvent m)
    {
        if (State.Step == ShutdownHandlerStep.Idle)
        {
            Begin();
        }
        else
        {
            State.Again = true;
        }
    }

    public void On(in XsReply m)
    {
        if (!State.Xs.Accept(in m))
        {
            return;
        }

        switch (State.Step)
        {
            case ShutdownHandlerStep.Beginning:
                State.Step = ShutdownHandlerStep.Reading;
                State.Xs.Read(Context, Node);
                break;
            case ShutdownHandlerStep.Reading:
                Take();
                break;
            case ShutdownHandlerStep.Ending when State.Xs.Again:
                Begin();
                break;
            case ShutdownHandlerStep.Ending:
                Context.Tell(State.Kernel, new ShutdownRequested(State.Command));
                Rest();
                break;
            case ShutdownHandlerStep.Aborting:
                Rest();
                break;
        }
    }

    private void Begin()
    {
        State.Step = ShutdownHandlerStep.Beginning;
        State.Again = false;
        State.Xs.Begin(Context);
    }

    private void Take()
    {
        State.Command = State.Xs.Text(Node) ?? "";
        if (State.Command.Length == 0)
        {
            State.Step = ShutdownHandlerStep.Aborting;
            State.Xs.End(Context, commit: false);
            return;
        }

        State.Step = ShutdownHandlerStep.Ending;
        State.Xs.Write(Context, Node, "");
        State.Xs.End(Context);
    }

    private void Rest()
    {
        State.Step = ShutdownHandlerStep.Idle;
        if (State.Again)
        {
            Begin();
        }
    }
}
