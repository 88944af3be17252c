using XenActors.Abi;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>A keyboard or framebuffer that QEMU serves.</summary>
[Codec]
public sealed partial class QemuInput
{
    /// <summary><c>vkbd</c> or <c>vfb</c>.</summary>
    public required string Type { get; init; }

    public required int Devid { get; init; }

    /// <summary>The backend's own state.</summary>
    public XenbusState State { get; set; } = XenbusState.InitWait;

    public string Token => $"fe:{Type}:{Devid}";
}

/// <summary>QEMU's legacy backends (hw/xen/xen-legacy-backend.c): one connection.</summary>
[Codec]
public sealed partial class QemuBackendsState
{
    public XenstoreClient Xs { get; set; } = new();

    public GuestPlan? Plan { get; set; }

    public string Kind { get; set; } = "";

    public StoreBatch Batch { get; set; } = new();

    /// <summary>All backends are registered, and <c>state</c> says running.</summary>
    public bool Up { get; set; }

    /// <summary>A request is out: of an answer to a frontend, when up.</summary>
    public bool Busy { get; set; }

    public List<QemuInput> Inputs { get; private set; } = [];

    /// <summary>Inputs whose frontend has changed.</summary>
    public List<int> Changed { get; private set; } = [];

    /// <summary>The input whose frontend is being read; -1 while its own state is written.</summary>
    public int Reading { get; set; } = -1;

    public static QemuBackendsState Create(GuestPlan plan, HostProfile host, ActorRef xenstored)
    {
        var state = new QemuBackendsState { Xs = new() { Server = xenstored }, Plan = plan, Kind = host.DeviceModel.Kind };
        if (state.Kind != QemuBackendNodes.Traditional)
        {
            for (var i = 0; i < plan.Keyboards; i++)
            {
                state.Inputs.Add(new() { Type = "vkbd", Devid = i });
            }

            for (var i = 0; i < plan.Framebuffers.Count; i++)
            {
                state.Inputs.Add(new() { Type = "vfb", Devid = i });
            }
        }

        return state;
    }
}
