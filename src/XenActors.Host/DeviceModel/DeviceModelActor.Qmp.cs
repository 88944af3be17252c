using XenActors.Toolstack.Xl;

namespace XenActors.DeviceModel;

/// <summary>The monitor: what the toolstack does to CD drives while the guest runs.</summary>
public sealed partial class DeviceModelActor
{
    public void On(in QmpEject m)
    {
        var error = Drive(m.Device, out var channel, out var unit);
        if (error.Length == 0 && !State.Ide.Channel(channel).OpenTray(unit, m.Force))
        {
            error = $"Device 'ide-{m.Device}' is locked and force was not specified, wait for tray to open and try again";
        }

        if (error.Length == 0)
        {
            State.Ide.Channel(channel).RemoveMedium(unit);
        }

        Pump();
        Context.Tell(Sender, new QmpReply(error));
    }

    public void On(in QmpChangeMedium m)
    {
        var error = Drive(m.Device, out var channel, out var unit);
        if (error.Length == 0)
        {
            State.Ide.Channel(channel).OpenTray(unit, force: true);
            State.Ide.Channel(channel).InsertMedium(unit, m.Volume, m.Sectors);
        }

        Pump();
        Context.Tell(Sender, new QmpReply(error));
    }

    private string Drive(uint number, out int channel, out int unit)
    {
        var device = VirtualDevice.FromNumber(number);
        (channel, unit) = ((int)(device.Disk / 2) & 1, (int)(device.Disk & 1));
        return device is not { Family: VirtualDeviceFamily.Hd, Disk: < 4 } || State.Ide.DeviceAt(channel, unit).Drive is null
            ? $"Device 'ide-{number}' not found"
            : State.Ide.DeviceAt(channel, unit).IsCdrom ? "" : $"Device 'ide-{number}' is not removable";
    }
}
