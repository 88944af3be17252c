using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>What each step asks of the store, and what takes it back.</summary>
internal static class CreateBatches
{
    // QEMU's pid is its own affair; one that tells the domain reads best in a store dump.
    private const int PidBase = 3000;

    public static StoreBatch Do(CreateState state, CreateStep step, VirtualTime now)
    {
        var plan = state.Plan!;
        var dom = $"/local/domain/{plan.Domain}";
        return step.Kind switch
        {
            CreateStepKind.MakeDomain => ToolstackNodes.Make(state.Host!, plan, state.NamePaths),
            CreateStepKind.Describe => ToolstackNodes.Describe(state.Host!, plan, state.Built, now),
            CreateStepKind.AddDisk => AddDisk(state, step.Index),
            CreateStepKind.Console => ToolstackNodes.Console(state.Host!, plan, state.Built).Add(new()),
            CreateStepKind.Keyboard => ToolstackNodes.Keyboard(plan, step.Index).Add(new StoreBatch()
                .Directory($"/libxl/{plan.Domain}/device/vkbd")),
            CreateStepKind.Framebuffer => ToolstackNodes.Framebuffer(state.Host!, plan, step.Index).Add(new()),
            CreateStepKind.HvmloaderKeys => new StoreBatch().Write($"{dom}/hvmloader/bios", plan.Bios)
                .Write($"{dom}/hvmloader/allow-memory-relocate", "0"),
            CreateStepKind.DeviceModelDir => new StoreBatch().Mkdir(DeviceModelDir(plan)),
            CreateStepKind.DeviceModel => new StoreBatch()
                .Watch($"{DeviceModelDir(plan)}/state", Token(state, step)).Read($"{DeviceModelDir(plan)}/state")
                .Write($"{dom}/image/device-model-pid", $"{PidBase + plan.Domain}"),
            CreateStepKind.SerialTty => new StoreBatch().Write($"{dom}/serial/0/tty", $"/dev/pts/{(2 * state.Slot) + 1}"),
            CreateStepKind.VncKeys => new StoreBatch().Write($"{dom}/console/vnc-listen", plan.VncListen)
                .Write($"{dom}/console/vnc-port", $"{plan.VncPort}"),
            CreateStepKind.AddNic => AddNic(state, step.Index),
            CreateStepKind.ConsoleTty => new StoreBatch().Watch($"{dom}/console/tty", Token(state, step)),
            _ => new(),
        };
    }

    public static StoreBatch Undo(CreateState state, CreateStep step)
    {
        var plan = state.Plan!;
        var dom = $"/local/domain/{plan.Domain}";
        return step.Kind switch
        {
            CreateStepKind.MakeDomain => Unmake(state),
            CreateStepKind.AddDisk => ToolstackNodes.Disk(state.Host!, plan, step.Index).Remove(new()),
            CreateStepKind.Console => ToolstackNodes.Console(state.Host!, plan, state.Built).Remove(new()),
            CreateStepKind.Keyboard => ToolstackNodes.Keyboard(plan, step.Index).Remove(new()),
            CreateStepKind.Framebuffer => ToolstackNodes.Framebuffer(state.Host!, plan, step.Index).Remove(new()),
            CreateStepKind.DeviceModelDir => new StoreBatch().Rm(DeviceModelDir(plan)),
            CreateStepKind.DeviceModel => new StoreBatch().Rm($"{dom}/image"),
            CreateStepKind.AddNic => ToolstackNodes.Nic(state.Host!, plan, step.Index).Remove(new()),
            _ => new(),
        };
    }

    /// <summary>The node that a waiting step reads, and what it wants to find there.</summary>
    public static (string Path, string Wanted)? Awaited(CreateState state, CreateStep step) => step.Kind switch
    {
        CreateStepKind.DiskBackend => ($"{ToolstackNodes.Disk(state.Host!, state.Plan!, step.Index).BackPath}/state", "2"),
        CreateStepKind.NicBackend => ($"{ToolstackNodes.Nic(state.Host!, state.Plan!, step.Index).BackPath}/state", "2"),
        CreateStepKind.DeviceModelRunning => ($"{DeviceModelDir(state.Plan!)}/state", "running"),
        CreateStepKind.ConsoleTty => ($"/local/domain/{state.Plan!.Domain}/console/tty", ""),
        _ => null,
    };

    /// <summary>Tokens as libxl's: the pipe's number and a slot; here one slot a device.</summary>
    public static string Token(CreateState state, CreateStep step) => step.Kind switch
    {
        CreateStepKind.AddDisk or CreateStepKind.DiskBackend => $"3/{step.Index}",
        CreateStepKind.DeviceModel or CreateStepKind.DeviceModelRunning => $"3/{state.Plan!.Disks.Count}",
        CreateStepKind.AddNic or CreateStepKind.NicBackend => $"3/{state.Plan!.Disks.Count + 1 + step.Index}",
        _ => $"3/{state.Plan!.Disks.Count + state.Plan.Nics.Count + 1}",
    };

    private static StoreBatch AddDisk(CreateState state, int index)
    {
        var tree = ToolstackNodes.Disk(state.Host!, state.Plan!, index);
        var batch = tree.Add(new());
        return state.Plan!.Disks[index] is { Backend: DiskBackendKind.Phy, Path.Length: > 0 }
            ? batch.DomainPath(0).Watch($"{tree.BackPath}/state", Token(state, new(CreateStepKind.AddDisk, index)))
            : batch;
    }

    private static StoreBatch AddNic(CreateState state, int index)
    {
        var tree = ToolstackNodes.Nic(state.Host!, state.Plan!, index);
        return tree.Add(new()).DomainPath(0).Watch($"{tree.BackPath}/state", Token(state, new(CreateStepKind.AddNic, index)));
    }

    // Last of all: who listens for @releaseDomain finds the nodes gone.
    private static StoreBatch Unmake(CreateState state)
    {
        var batch = ToolstackNodes.Unmake(state.Host!, state.Plan!);
        return state.Introduced ? batch.Add(StoreOpKind.Release, $"{state.Plan!.Domain}") : batch;
    }

    private static string DeviceModelDir(GuestPlan plan) => $"/local/domain/0/device-model/{plan.Domain}";
}
