using XenActors.DeviceModel;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// The process of one <c>xl cd-insert</c> or <c>cd-eject</c>, as libxl_cdrom_insert does it with an upstream QEMU: the drive is emptied and the
/// store says so, before the new image goes in and the store says that.
/// </summary>
public sealed class CdActor : Actor<CdState>
{
    protected override void PreStart()
    {
        if (!State.DeviceModel.IsNone)
        {
            Context.Watch(State.DeviceModel);
        }

        Next();
    }

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in QmpReply m)
    {
        if (m.Error.Length > 0)
        {
            End(m.Error);
        }
        else
        {
            Advance();
        }
    }

    // QEMU has ended: with the domain, or by itself.
    public void On(in Terminated m)
    {
        if (State.Step is CdStep.Eject or CdStep.Insert)
        {
            End("Unexpected EOF on QMP socket");
        }
        else
        {
            State.DeviceModel = ActorRef.None;
        }
    }

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
        {
            Written();
        }
    }

    private void Advance()
    {
        State.Step++;
        if (State.Step == CdStep.Insert && State.Disk.Path.Length == 0)
        {
            State.Step = CdStep.Ended;
        }

        Next();
    }

    private void Next()
    {
        var disk = State.Disk;
        switch (State.Step)
        {
            case CdStep.Eject or CdStep.Insert when State.DeviceModel.IsNone:
                End($"Failed to connect to QMP socket /var/run/xen/qmp-libxl-{State.Domain}");
                break;
            case CdStep.Eject:
                Context.Tell(State.DeviceModel, new QmpEject(disk.Number, Force: true));
                break;
            case CdStep.WriteEmpty:
                Write("");
                break;
            case CdStep.Insert:
                Context.Tell(State.DeviceModel, new QmpChangeMedium(disk.Number, disk.Volume, disk.Sectors));
                break;
            case CdStep.WriteInserted:
                Write(disk.Params);
                break;
            default:
                Context.Tell(Context.Parent, new CdPlaced(State.Index, disk));
                End("");
                break;
        }
    }

    // The backend's directory and libxl's copy of it; a backend that has gone meanwhile is left alone.
    private void Write(string parameters)
    {
        var disk = State.Disk;
        var back = $"/local/domain/0/backend/{disk.Kind}/{State.Domain}/{disk.Number}";
        var copy = $"/libxl/{State.Domain}/device/vbd/{disk.Number}";
        State.Xs.Forget();
        State.Batch = new StoreBatch().Begin().Read($"{back}/params")
            .Write($"{back}/type", disk.Type).Write($"{back}/params", parameters)
            .Write($"{copy}/type", disk.Type).Write($"{copy}/params", parameters).End();
        if (State.Batch.Advance(Context, State.Xs))
        {
            Written();
        }
    }

    private void Written()
    {
        if (State.Batch.Failure is { } failure)
        {
            End(failure);
        }
        else
        {
            Advance();
        }
    }

    private void End(string error)
    {
        State.Step = CdStep.Ended;
        Context.Tell(State.Requester, new CdChanged(State.Domain, State.Disk.Vdev, error.Length == 0, error));
        Context.Stop();
    }
}
