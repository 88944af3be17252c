using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>libxl's limits, and what it says when one is reached (libxl_internal.h, libxl_device.c).</summary>
internal static class CreateWords
{
    /// <summary>ERROR_FAIL.</summary>
    public const int Fail = -3;

    /// <summary>LIBXL_INIT_TIMEOUT 10 s, LIBXL_HOTPLUG_TIMEOUT 40 s, LIBXL_DEVICE_MODEL_START_TIMEOUT 60 s; zero for no limit.</summary>
    public static VirtualDuration Limit(CreateStepKind kind) => kind switch
    {
        CreateStepKind.DiskBackend or CreateStepKind.NicBackend or CreateStepKind.ConsoleTty => VirtualDuration.FromSeconds(10),
        CreateStepKind.DisksReady or CreateStepKind.NicsReady => VirtualDuration.FromSeconds(40),
        CreateStepKind.DeviceModelRunning => VirtualDuration.FromSeconds(60),
        _ => VirtualDuration.Zero,
    };

    public static string TimedOut(GuestPlan plan, HostProfile host, CreateStep step) => step.Kind switch
    {
        CreateStepKind.DiskBackend => Backend(ToolstackNodes.Disk(host, plan, step.Index), "disk"),
        CreateStepKind.NicBackend => Backend(ToolstackNodes.Nic(host, plan, step.Index), "nic"),
        CreateStepKind.DisksReady => "hotplug script timed out\nunable to add disk devices",
        CreateStepKind.NicsReady => "hotplug script timed out\nunable to add nic devices",
        _ => $"device model did not start: {Fail}",
    };

    private static string Backend(DeviceTree tree, string kind) =>
        $"unable to add device with path {tree.BackPath}\nunable to add {kind} devices";
}
