using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>What dom0 writes about itself at boot: xen-init-dom0, the QEMU that serves dom0's own backends, and the first tool that runs.</summary>
public sealed class Dom0InitActor : Actor<Dom0InitState>
{
    // The backends that this QEMU registers, in its order. Their permissions name dom0 twice: the guest it serves is dom0.
    private static readonly string[] QemuBackends = ["console", "vkbd", "9pfs", "qusb", "vfb", "qnic"];

    protected override void PreStart()
    {
        State.Batch = Nodes(State.Host!);
        Advance();
    }

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m))
        {
            Advance();
        }
    }

    private void Advance()
    {
        if (State.Batch.Advance(Context, State.Xs))
        {
            Context.Tell(State.Xs.Server, new XsDisconnect());
            Context.Tell(State.Listener, new Dom0Ready());
            Context.Stop();
        }
    }

    private static StoreBatch Nodes(HostProfile host)
    {
        const string Dom = "/local/domain/0";
        var batch = new StoreBatch();
        batch.Write($"{Dom}/control/feature-poweroff", "1").Write($"{Dom}/control/feature-reboot", "1");
        batch.Write($"{Dom}/control/feature-suspend", "1").Write($"{Dom}/domid", "0").Write($"{Dom}/name", "Domain-0");
        if (host.Dom0.DeviceModel)
        {
            foreach (var backend in QemuBackends)
            {
                var path = $"{Dom}/device-model/0/backends/{backend}";
                batch.Mkdir(path).SetPerms(path, "n0 n0");
            }

            batch.Write($"{Dom}/device-model/0/state", "running");
        }

        var kb = host.Dom0.Memory * 1024;
        batch.Write($"{Dom}/memory/target", $"{kb}").Write($"{Dom}/memory/static-max", $"{kb}");
        batch.Write("/local/pool/0/name", "Pool-0").Mkdir("/vm");
        return host.Toolstack == ToolstackKind.Xl ? batch.Mkdir("/libxl") : batch;
    }
}
