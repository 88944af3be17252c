using System.Buffers.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Bench;

/// <summary>Asks the simulated xenstored, takes the reply, and asks again.</summary>
public sealed class StoreClientActor : Actor<StoreClientState>
{
    protected override void PreStart() => Ask();

    public void On(in XsReply reply)
    {
        State.Replies++;
        if (reply.Type == XsWireType.Error) State.Errors++;
        else if (reply.Type == XsWireType.TransactionStart && Utf8Parser.TryParse(reply.Payload, out uint id, out _)) State.Transaction = id;
        else if (reply.Type == XsWireType.TransactionEnd) State.Transaction = 0;
        Ask();
    }

    public void On(in XsWatchEvent fired) => State.Events++;

    private void Ask()
    {
        var state = State;
        var requests = state.Requests ??= new StoreRequests(state.Load, state.Index);
        var setup = requests.Setup.Count;
        var (type, payload) = state.Next < setup ? requests.Setup[(int)state.Next] : requests.Steady[(int)state.Next - setup];
        Context.Tell(state.Server, new XsRequest(type, state.Next, state.Transaction, payload));
        state.Next++;
        if (state.Next == setup + requests.Steady.Count) state.Next = (uint)setup;
    }
}
