using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>Registers QEMU's legacy backends, then follows the frontends of keyboard and framebuffer.</summary>
public sealed class QemuBackendsActor : Actor<QemuBackendsState>
{
    protected override void PreStart()
    {
        State.Batch = QemuBackendNodes.Of(State);
        State.Batch.Advance(Context, State.Xs);
    }

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in XsReply m)
    {
        if (!State.Xs.Accept(in m))
        {
            return;
        }

        if (State.Up && State.Reading >= 0)
        {
            Follow();
        }
        else if (State.Batch.Advance(Context, State.Xs))
        {
            if (!State.Up)
            {
                State.Up = true;
                Context.Tell(Context.Parent, new QemuBackendsUp());
            }

            Next();
        }
    }

    public void On(in XsWatchEvent m)
    {
        for (var i = 0; i < State.Inputs.Count; i++)
        {
            if (State.Inputs[i].Token == m.Token && !State.Changed.Contains(i))
            {
                State.Changed.Add(i);
            }
        }

        if (State.Up && !State.Busy)
        {
            Next();
        }
    }

    private void Next()
    {
        State.Busy = State.Changed.Count > 0;
        if (!State.Busy)
        {
            return;
        }

        State.Reading = State.Changed[0];
        State.Changed.RemoveAt(0);
        State.Xs.Read(Context, FrontState(State.Inputs[State.Reading]));
    }

    private void Follow()
    {
        var input = State.Inputs[State.Reading];
        State.Reading = -1;
        var answer = Answer(State.Xs.State(FrontState(input)), input.State);
        if (answer == input.State)
        {
            Next();
            return;
        }

        input.State = answer;
        var back = QemuBackendNodes.Back(State.Plan!.Domain, input);
        State.Batch = new StoreBatch();
        if (input.Type == "vfb" && answer == XenbusState.Connected)
        {
            State.Batch.Write($"{back}/request-update", "1");
        }

        State.Batch.Write($"{back}/state", $"{(int)answer}");
        State.Batch.Advance(Context, State.Xs);
    }

    // A frontend that comes back after it closed is served anew.
    private static XenbusState Answer(XenbusState front, XenbusState back) => (front, back) switch
    {
        (XenbusState.Initialised or XenbusState.Connected, XenbusState.InitWait) => XenbusState.Connected,
        (XenbusState.Closing, XenbusState.InitWait or XenbusState.Connected) => XenbusState.Closing,
        (XenbusState.Closed, XenbusState.InitWait or XenbusState.Connected or XenbusState.Closing) => XenbusState.Closed,
        (XenbusState.Initialising, XenbusState.Closed) => XenbusState.InitWait,
        _ => back,
    };

    private string FrontState(QemuInput input) => QemuBackendNodes.Front(State.Plan!.Domain, input) + "/state";
}
