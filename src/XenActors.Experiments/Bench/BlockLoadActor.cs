using System.Buffers.Binary;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

[Codec]
public sealed partial class BlockLoadState
{
    public required ActorRef Bus { get; set; }

    public required KernelProfile Profile { get; set; }

    public required ushort Domain { get; set; }

    /// <summary>Reads that are out at once.</summary>
    public required int Depth { get; set; }

    /// <summary>Of one read.</summary>
    public required uint Sectors { get; set; }

    public ActorRef Disk { get; set; }

    /// <summary>Where a read may begin: a multiple of its length.</summary>
    public ulong Places { get; set; }

    public long Done { get; set; }

    /// <summary>Reads that failed, or brought other sectors than those that were asked for.</summary>
    public long Errors { get; set; }
}

/// <summary>In a guest kernel's place: starts its xenbus, and reads the disk that appears, anywhere, for ever.</summary>
public sealed class BlockLoadActor : Actor<BlockLoadState>
{
    // The domain is built by then.
    private static readonly VirtualDuration Unpaused = VirtualDuration.FromMilliseconds(5);

    protected override bool TakesAny => true;

    protected override void PreStart()
    {
        Context.Tell(State.Bus, new StartXenbus(State.Profile, State.Domain, Self, Hvm: true, default), Unpaused);
        Context.Tell(State.Bus, new DriverRegistered("vbd"), Unpaused);
    }

    public void On(in DiskAppeared m)
    {
        State.Disk = m.Driver;
        State.Places = m.Sectors / State.Sectors;
        for (var i = 0; i < State.Depth; i++)
        {
            Read();
        }
    }

    public void On(in BlockDone m)
    {
        State.Done++;
        if (!m.Ok || m.Data.Length != State.Sectors * 512 || BinaryPrimitives.ReadInt32LittleEndian(m.Data) != m.Cookie)
        {
            State.Errors++;
        }

        Read();
    }

    // The cookie is the sector, which its first bytes repeat.
    private void Read()
    {
        var sector = (ulong)Context.Random.Next((long)State.Places) * State.Sectors;
        Context.Tell(State.Disk, BlockRequest.Read((long)sector, sector, State.Sectors));
    }
}
