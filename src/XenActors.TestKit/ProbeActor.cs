using XenActors.Simulation;

namespace XenActors.TestKit;

/// <summary>Keeps whatever it receives; see <see cref="TestProbe"/>.</summary>
public sealed class ProbeActor : Actor<ProbeState>
{
    protected override bool TakesAny => true;

    public void On(in ProbeSend send) => Context.TellDecoded(send.To, MessageType.Named(send.Type), send.Bytes);

    public void On(in ProbeWatch watch) => Context.Watch(watch.Actor);

    protected override void OnAny(MessageType type, byte[] bytes)
    {
        State.Messages.Add(new ReceivedMessage(Context.Now, Sender, type.Name, bytes));
        if (State.Waiting)
        {
            Context.StopSimulation();
        }
    }
}
