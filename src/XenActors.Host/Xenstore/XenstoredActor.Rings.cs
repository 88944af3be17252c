using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore.Ring;

namespace XenActors.Xenstore;

// Guests' kernels: xenstored's replicas of their ring pages.
public sealed partial class XenstoredActor
{
    public void On(in XsRingRequests m)
    {
        // A page that has not been introduced is not mapped here: what lies in it is lost at its introduction.
        if (!State.Clients.TryGetValue((Sender.Process, Sender.Local), out var client) || !State.Rings.TryGetValue(client.Connection, out var ring)) return;
        ring.Arrive(in m);
        Publish(ring); // what the guest has taken makes room
        while (ring.Ring.TryTake(ring.Page, out var header, out var payload))
        {
            Serve(client, new XsRequest((XsWireType)header.Type, header.ReqId, header.TxId, payload.ToArray()));
        }

        Publish(ring);
        // An ignored domain stays introduced; its watches and transactions are gone.
        if (ring.Ring.Fault != XenstoreRingFault.None)
        {
            State.Core.Disconnect(client.Connection);
            Context.Note(new StoreClosed(client.Connection));
        }
    }

    private void Introduce(ushort domid, ActorRef kernel)
    {
        var client = ClientOf(kernel, domid);
        if (!State.Rings.TryGetValue(client.Connection, out var ring))
        {
            ring = new() { Guest = kernel };
            State.Rings.Add(client.Connection, ring);
        }

        ring.Introduce();
        Context.Tell(kernel, new XsRingIntroduced());
    }

    private void Publish(StoreReplica ring)
    {
        if (ring.Publish() is { } published) Context.Tell(ring.Guest, in published);
    }

    private static byte[] EventOf(ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        var payload = new byte[WatchEventPayload.Length(path, token)];
        WatchEventPayload.Write(payload, path, token);
        return payload;
    }
}
