using XenActors.Simulation;

namespace XenActors.Guest.Block.Outside;

/// <summary>From outside: open this device of the kernel with this block layer, as it is called in <c>/dev</c>.</summary>
[Codec]
public readonly partial record struct OutsideDiskOpen(ActorRef BlockLayer, string Device);

[Codec]
public sealed partial class OutsideDiskUserState
{
    /// <summary>As the world outside counts its users, from 1.</summary>
    public required int User { get; init; }

    public ActorRef BlockLayer { get; set; }

    public uint Handle { get; set; }

    /// <summary>What the kernel does for a request of this program before its driver has it.</summary>
    public VirtualDuration SubmitCost { get; init; }
}

/// <summary>
/// A program in a guest that stands for one outside: it has one disk open past the page cache (O_DIRECT), and passes on what the other one asks, and
/// what it is answered.
/// </summary>
public sealed class OutsideDiskUserActor : Actor<OutsideDiskUserState>
{
    public void On(in OutsideDiskOpen m)
    {
        State.BlockLayer = m.BlockLayer;
        Context.Tell(m.BlockLayer, new BlockOpen(m.Device, BlockOpenFlags.Direct, 0));
    }

    public void On(in BlockOpened m)
    {
        State.Handle = m.Handle;
        Context.Port<IOutsideDiskUsers>().Opened(State.User, m.Error, m.Geometry);
    }

    public void On(in BlockIo m)
    {
        if (State.SubmitCost > VirtualDuration.Zero)
        {
            Context.Work(State.SubmitCost);
        }

        Context.Tell(State.BlockLayer, m with { Handle = State.Handle });
    }

    public void On(in BlockIoDone m) => Context.Port<IOutsideDiskUsers>().Done(State.User, in m);

    public void On(in BlockChanged m) => Context.Port<IOutsideDiskUsers>().Changed(State.User, m.Geometry);
}
