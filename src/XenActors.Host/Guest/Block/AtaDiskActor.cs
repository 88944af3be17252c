using XenActors.DeviceModel;
using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A libata disk: block reads become ATA commands to the device model.</summary>
public sealed class AtaDiskActor : Actor<AtaDiskState>
{
    public void On(in BlockRequest m)
    {
        if (m.Operation != BlockOperation.Read)
        {
            Context.Tell(Sender, new BlockDone(m.Cookie, BlockStatus.NotSupported, []));
            return;
        }

        var cookie = State.NextCookie++;
        State.Reads.Add(cookie, new(Sender, m.Cookie));
        Context.Tell(State.Domain, new AtaCommand(State.Channel, State.Position, AtaOperation.Read, m.Sector, (ushort)m.Count, cookie));
    }

    public void On(in AtaDone m)
    {
        if (State.Reads.Remove(m.Cookie, out var read))
        {
            Context.Tell(read.Asker, new BlockDone(read.Cookie, m.Status == AtaStatus.Ok ? BlockStatus.Ok : BlockStatus.IoError, m.Data));
        }
    }
}
