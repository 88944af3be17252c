using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Tests.Guest;

[Codec]
public sealed partial class FakeXenbusState
{
    public required List<string> Nodes { get; init; }

    public required SortedDictionary<ulong, byte[]> Disk { get; init; }

    public required ulong DiskSectors { get; init; }

    public string Mac { get; set; } = "00:16:4f:02:02:15";

    public StartXenbus? Started { get; set; }

    public List<string> Registered { get; init; } = [];
}

/// <summary>The xenbus and the front ends of a test: every device connects at once, and says what the profile's driver says.</summary>
public sealed class FakeXenbus : Actor<FakeXenbusState>
{
    public void On(in StartXenbus m)
    {
        State.Started = m;
        Context.Tell(m.Kernel, new XenbusDevices([.. State.Nodes]), VirtualDuration.FromMilliseconds(1));
    }

    public void On(in DriverRegistered m)
    {
        State.Registered.Add(m.Type);
        var start = State.Started!;
        if (m.Type == "vkbd" && State.Nodes.Contains("device/vkbd/0"))
        {
            Print("kbdfront-keyboard", ("n", "1"));
            Print("kbdfront-pointer", ("n", "3"));
        }

        var nodes = State.Nodes.Where(n => n.StartsWith("device/vbd/", StringComparison.Ordinal)).ToList();
        if (m.Type == "vbd")
        {
            // The CD drive refuses before the disk has connected.
            var unnecessary = (start.Unplug.Value & UnplugState.Unnecessary) != 0;
            foreach (var id in nodes.Select(n => n["device/vbd/".Length..]).Where(id => unnecessary || id == "5632"))
            {
                if (unnecessary)
                {
                    Print("blkfront-not-xen-vbd", ("vdevice", id));
                }

                Print("xenbus-error", ("type", "vbd"), ("device", "vbd-" + id), ("text", "19 xenbus_dev_probe on device/vbd/" + id));
            }

            if (!unnecessary && nodes.Contains("device/vbd/768"))
            {
                Print("blkfront-connected", ("disk", "xvda"), ("flush", "flush diskcache: enabled"), ("barriers", "enabled"), ("persistent", "enabled"), ("indirect", "enabled"), ("bounce", "enabled"));
                Context.Tell(start.Kernel, new DiskAppeared("xvda", 202, 0, 16, State.DiskSectors, false, false, "xen-blkfront", Self));
            }
        }

        if (m.Type == "vif" && State.Nodes.Contains("device/vif/0"))
        {
            Print("netfront-xdp");
            Context.Tell(start.Kernel, new NetdevAppeared("vif", "vif-0", State.Mac, Self));
        }

        Context.Tell(start.Kernel, new XenbusSettled());
    }

    public void On(in BlockRequest m)
    {
        var data = new byte[checked((int)m.Count * 512)];
        if (State.Disk.TryGetValue(m.Sector, out var sector))
        {
            sector.CopyTo(data, 0);
        }

        Context.Tell(Sender, new BlockDone(m.Cookie, BlockStatus.Ok, data));
    }

    private void Print(string message, params ReadOnlySpan<(string, string)> values)
    {
        if (State.Started!.Profile.Format(message, values) is { } text)
        {
            Context.Tell(State.Started.Kernel, new Printk(text));
        }
    }
}
