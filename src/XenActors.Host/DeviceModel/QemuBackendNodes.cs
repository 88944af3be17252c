using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>What QEMU's legacy backends write while they register, in QEMU's order.</summary>
internal static class QemuBackendNodes
{
    /// <summary>qemu-dm of Xen 4.1: it serves no legacy backend of an HVM guest and registers none.</summary>
    public const string Traditional = "qemu_xen_traditional";

    private static readonly string[] Hvm = ["console", "vkbd", "9pfs", "qusb"];
    private static readonly string[] Pv = ["console", "vkbd", "9pfs", "qusb", "vfb", "qnic"];

    public static StoreBatch Of(QemuBackendsState state)
    {
        var plan = state.Plan!;
        var domain = plan.Domain;
        var batch = new StoreBatch().Read("domid");
        if (state.Kind != Traditional)
        {
            batch.Watch($"backend/qdisk/{domain}", "qdisk");
            foreach (var backend in plan.IsHvm ? Hvm : Pv)
            {
                var dir = $"device-model/{domain}/backends/{backend}";
                batch.Mkdir(dir).SetPerms(dir, $"n0 n{domain}");
                batch.Watch($"backend/{backend}/{domain}", $"be:{backend}").Directory($"backend/{backend}/{domain}");
                if (backend == "console")
                {
                    Console(batch, domain);
                }

                foreach (var input in state.Inputs)
                {
                    if (input.Type == backend)
                    {
                        Input(batch, domain, input);
                    }
                }
            }
        }

        return batch.Write($"device-model/{domain}/state", "running");
    }

    // The first console is xenconsoled's; QEMU looks at it, says 1 and leaves it.
    private static void Console(StoreBatch batch, ushort domain)
    {
        var back = $"backend/console/{domain}/0";
        batch.Read($"{back}/state").Read($"{back}/frontend").Watch($"/local/domain/{domain}/console", "fe:console");
        batch.Write($"{back}/state", "1").Read($"{back}/online").Read($"/local/domain/{domain}/console/state");
        batch.Read($"/local/domain/{domain}/console/protocol").Read($"/local/domain/{domain}/console/type");
    }

    private static void Input(StoreBatch batch, ushort domain, QemuInput input)
    {
        var (back, front) = (Back(domain, input), Front(domain, input));
        batch.Read($"{back}/state").Read($"{back}/frontend").Watch(front, input.Token).Write($"{back}/state", "1");
        batch.Read($"{back}/online").Read($"{front}/state").Read($"{front}/protocol");
        if (input.Type == "vkbd")
        {
            batch.Write($"{back}/feature-abs-pointer", "1").Write($"{back}/feature-raw-pointer", "1");
        }
        else
        {
            batch.Write($"{back}/feature-resize", "1");
        }

        batch.Write($"{back}/hotplug-status", "connected").Write($"{back}/state", "2");
    }

    public static string Back(ushort domain, QemuInput input) => $"backend/{input.Type}/{domain}/{input.Devid}";

    public static string Front(ushort domain, QemuInput input) => $"/local/domain/{domain}/device/{input.Type}/{input.Devid}";
}
