using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>
/// sr and a CD that is changed while the guest runs. Linux asks the drive every two seconds; here the drive's own interrupt sets that clock going
/// once, so that a guest with nothing to do has nothing to do.
/// </summary>
public sealed partial class AtaDiskActor
{
    private const long MediaCookie = -1;

    // block.events_dfl_poll_msecs, as udev sets it.
    private static readonly VirtualDuration PollTime = VirtualDuration.FromSeconds(2);

    private const int AttemptsMax = 5;

    protected override void PreStart()
    {
        if (State.Packet)
        {
            Context.Tell(State.Port, new AtaListen());
        }
    }

    public void On(in AtaIdleInterrupt m)
    {
        State.MediaAgain = State.Media > AtaMediaStage.Due;
        if (State.Media == AtaMediaStage.None)
        {
            State.Media = AtaMediaStage.Due;
            Context.StartTimer(new AtaCheckMedia(), PollTime);
        }
    }

    public void On(in AtaCheckMedia m)
    {
        if (State.Media == AtaMediaStage.Due)
        {
            State.MediaAttempts = 0;
            AskMedia(AtaMediaStage.Event, AtapiPacket.EventStatus(State.Position));
        }
    }

    private void MediaAnswered(AtaEnded m)
    {
        switch (State.Media)
        {
            case AtaMediaStage.Event when m.Ok && AtapiPacket.IsNewMedia(m.Data):
                TestReady();
                break;
            case AtaMediaStage.Ready when m.Ok:
                AskMedia(AtaMediaStage.Capacity, AtapiPacket.ReadCapacity(State.Position));
                break;
            case AtaMediaStage.Ready when State.MediaAttempts < AttemptsMax:
                AskMedia(AtaMediaStage.Sense, AtapiPacket.RequestSense(State.Position));
                break;
            case AtaMediaStage.Sense:
                TestReady();
                break;
            case AtaMediaStage.Capacity when m.Ok:
                State.Sectors = AtapiPacket.Sectors(m.Data);
                Context.Tell(Context.Parent, new DiskChanged(State.Name, State.Sectors, State.Limits) { OtherMedium = true });
                MediaDone();
                break;
            default:
                MediaDone(); // No medium: the kernel keeps the size that it knew.
                break;
        }
    }

    private void TestReady()
    {
        State.MediaAttempts++;
        AskMedia(AtaMediaStage.Ready, AtapiPacket.TestUnitReady(State.Position));
    }

    private void AskMedia(AtaMediaStage stage, AtaSubmit packet)
    {
        State.Media = stage;
        Context.Tell(State.Port, packet with { Cookie = MediaCookie });
    }

    private void MediaDone()
    {
        State.Media = AtaMediaStage.None;
        if (State.MediaAgain)
        {
            On(new AtaIdleInterrupt());
        }
    }
}
