using XenActors.DeviceModel;
using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A libata disk: block reads become ATA commands to the device model.</summary>
public sealed class AtaDiskActor : Actor<AtaDiskState>
{
    public void On(in BlockRead m)
    {
        var cookie = State.NextCookie++;
        State.Reads.Add(cookie, new(Sender, m.Cookie));
        Context.Tell(State.Domain, new AtaCommand(State.Channel, State.Position, AtaOperation.Read, m.Sector, (ushort)m.Count, cookie));
    }

    public void On(in AtaDone m)
    {
        if (State.Reads.Remove(m.Cookie, out var read))
        {
            Context.Tell(read.Asker, new BlockReadDone(read.Cookie, m.Status == AtaStatus.Ok, m.Data));
        }
    }
}
