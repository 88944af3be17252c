using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Bench;

[Codec]
public sealed partial class BlockToolstackState
{
    public required ActorRef Xenstored { get; set; }

    public required ushort Guest { get; set; }

    public required string Volume { get; set; }

    public uint Asked { get; set; }
}

/// <summary>Introduces a guest and makes one vbd for it, as libxl and the hotplug script do together.</summary>
public sealed class BlockToolstackActor : Actor<BlockToolstackState>
{
    // dom0's kernel watches its backends by then.
    private static readonly VirtualDuration AfterBoot = VirtualDuration.FromMilliseconds(1);

    private const int Vdev = 51712; // xvda

    protected override void PreStart()
    {
        var guest = State.Guest.ToString(CultureInfo.InvariantCulture);
        var home = $"/local/domain/{guest}";
        var front = $"{home}/device/vbd/{Vdev}";
        var back = $"/local/domain/0/backend/vbd/{guest}/{Vdev}";
        Ask(XsWireType.Introduce, $"{guest}\01\03\0");
        Write(home + "/domid", guest);
        Ask(XsWireType.SetPerms, $"{home}\0n0\0r{guest}\0");
        Directory(home + "/error", $"n{guest}");
        Directory(front, $"n{guest}", "r0");
        Write(front + "/backend", back);
        Write(front + "/backend-id", "0");
        Write(front + "/virtual-device", $"{Vdev}");
        Write(front + "/device-type", "disk");
        Write(front + "/state", "1");
        Directory(back, "n0", $"r{guest}");
        Write(back + "/frontend", front);
        Write(back + "/frontend-id", guest);
        Write(back + "/params", State.Volume);
        Write(back + "/mode", "w");
        Write(back + "/online", "1");
        Write(back + "/physical-device", "7:0");
        Write(back + "/state", "1");
    }

    public void On(in XsReply m)
    {
    }

    private void Write(string path, string value) => Ask(XsWireType.Write, $"{path}\0{value}");

    private void Directory(string path, params ReadOnlySpan<string> permissions)
    {
        Ask(XsWireType.Mkdir, path + "\0");
        Ask(XsWireType.SetPerms, $"{path}\0{string.Join('\0', permissions!)}\0");
    }

    private void Ask(XsWireType type, string payload) =>
        Context.Tell(State.Xenstored, new XsRequest(type, State.Asked++, 0, Encoding.Latin1.GetBytes(payload)), AfterBoot);
}
