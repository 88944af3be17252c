using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Machine;

[Codec]
public sealed partial class OperatorState
{
    public required ActorRef Toolstack { get; set; }

    /// <summary>Still to be created, the next one first.</summary>
    public required List<CreateGuest> Orders { get; set; }

    /// <summary>What the toolstack has answered, in order.</summary>
    public List<GuestCreated> Answers { get; set; } = [];

    /// <summary>How changes of CDs ended, in order.</summary>
    public List<CdChanged> CdAnswers { get; set; } = [];

    /// <summary>How commands ended, in order.</summary>
    public List<CommandEnded> Commands { get; set; } = [];

    /// <summary>Guests that were made anew after their end, in order.</summary>
    public List<GuestRestarted> Restarts { get; set; } = [];

    public ActorRef Disks { get; set; }

    public ActorRef Xenstored { get; set; }

    public ActorRef BackendBus { get; set; }

    /// <summary>How restarts of xenstored ended, in order.</summary>
    public List<XenstoredRestarted> StoreRestarts { get; set; } = [];

    public bool Done { get; set; }
}

/// <summary>The person at dom0's shell: types <c>xl create</c> for each guest when the host is up, one after the other.</summary>
public sealed class OperatorActor : Actor<OperatorState>
{
    public void On(in Dom0Ready m) => Next();

    public void On(in GuestCreated m)
    {
        State.Answers.Add(m);
        Next();
    }

    /// <summary>Types <c>xl cd-insert</c> or <c>cd-eject</c>.</summary>
    public void On(in ChangeCd m) => Context.Tell(State.Toolstack, in m);

    public void On(in CdChanged m) => State.CdAnswers.Add(m);

    // Each is an xl command of its own name.
    public void On(in DestroyGuest m) => Context.Tell(State.Toolstack, in m);

    public void On(in ShutdownGuest m) => Context.Tell(State.Toolstack, in m);

    public void On(in PauseGuest m) => Context.Tell(State.Toolstack, in m);

    public void On(in UnpauseGuest m) => Context.Tell(State.Toolstack, in m);

    public void On(in AttachDisk m) => Context.Tell(State.Toolstack, in m);

    public void On(in DetachDisk m) => Context.Tell(State.Toolstack, in m);

    public void On(in AttachNic m) => Context.Tell(State.Toolstack, in m);

    public void On(in DetachNic m) => Context.Tell(State.Toolstack, in m);

    public void On(in SuspendGuest m) => Context.Tell(State.Toolstack, in m);

    /// <summary>Types <c>modprobe -r xen-blkback; modprobe xen-blkback</c>, or netback's.</summary>
    public void On(in ReloadBackend m) => Context.Tell(State.BackendBus, in m);

    /// <summary>Types <c>xenstore-control live-update</c>, or kills the daemon.</summary>
    public void On(in RestartXenstored m) => Context.Tell(State.Xenstored, in m);

    public void On(in XenstoredRestarted m) => State.StoreRestarts.Add(m);

    /// <summary>Types <c>lvextend</c>: the disk has the new size, and whoever serves it hears of it.</summary>
    public void On(in DiskResized m)
    {
        Context.Tell(State.Disks, in m);
        Context.Tell(State.BackendBus, in m);
    }

    /// <summary>Pulls the plug of the host's disks.</summary>
    public void On(in PowerLost m) => Context.Tell(State.Disks, in m);

    public void On(in CommandEnded m) => State.Commands.Add(m);

    public void On(in GuestRestarted m) => State.Restarts.Add(m);

    private void Next()
    {
        if (State.Orders.Count == 0)
        {
            State.Done = true;
            return;
        }

        var order = State.Orders[0];
        State.Orders.RemoveAt(0);
        Context.Tell(State.Toolstack, in order);
    }
}
