using XenActors.Machine;
using XenActors.Toolstack.Xend;

namespace XenActors.Toolstack.Libxl;

/// <summary>The order of a creation's steps: libxl starts QEMU between disks and NICs, xend after all devices.</summary>
internal static class CreateSteps
{
    public static List<CreateStep> Of(GuestPlan plan, HostProfile host, bool paused)
    {
        List<CreateStep> steps = [];
        One(steps, CreateStepKind.CheckName);
        One(steps, CreateStepKind.MakeDomain);
        One(steps, CreateStepKind.Build);
        One(steps, CreateStepKind.Describe);
        Devices(plan, host, steps);
        if (!paused)
        {
            One(steps, CreateStepKind.Unpause);
        }

        return steps;
    }

    /// <summary>What makes all devices anew for a domain that is there already and has suspended.</summary>
    public static List<CreateStep> Devices(GuestPlan plan, HostProfile host)
    {
        List<CreateStep> steps = [];
        Devices(plan, host, steps);
        steps.RemoveAll(s => s.Kind is CreateStepKind.Console or CreateStepKind.ConsoleTty or CreateStepKind.HvmloaderKeys);
        One(steps, CreateStepKind.ResumeStore);
        return steps;
    }

    private static void Devices(GuestPlan plan, HostProfile host, List<CreateStep> steps)
    {
        if (host.Toolstack == ToolstackKind.Xend)
        {
            XendSteps.Devices(plan, steps);
        }
        else
        {
            Devices(plan, steps);
        }
    }

    public static void One(List<CreateStep> steps, CreateStepKind kind) => steps.Add(new(kind, 0));

    public static void Each(List<CreateStep> steps, int count, CreateStepKind kind)
    {
        for (var i = 0; i < count; i++)
        {
            steps.Add(new(kind, i));
        }
    }

    /// <summary>All disks are written first, and then waited for.</summary>
    public static void Disks(GuestPlan plan, List<CreateStep> steps)
    {
        Each(steps, plan.Disks.Count, CreateStepKind.AddDisk);
        for (var i = 0; i < plan.Disks.Count; i++)
        {
            if (plan.Disks[i] is { Backend: DiskBackendKind.Phy, Path.Length: > 0 })
            {
                steps.Add(new(CreateStepKind.DiskBackend, i));
                steps.Add(new(CreateStepKind.DiskScript, i));
            }
        }

        One(steps, CreateStepKind.DisksReady);
    }

    public static void Nics(GuestPlan plan, List<CreateStep> steps, bool taps)
    {
        Each(steps, plan.Nics.Count, CreateStepKind.AddNic);
        for (var i = 0; i < plan.Nics.Count; i++)
        {
            steps.Add(new(CreateStepKind.NicBackend, i));
            steps.Add(new(CreateStepKind.NicScript, i));
        }

        One(steps, CreateStepKind.NicsReady);
        if (taps)
        {
            Taps(plan, steps);
        }
    }

    /// <summary>A tap's script can only run once QEMU has made the tap.</summary>
    public static void Taps(GuestPlan plan, List<CreateStep> steps)
    {
        for (var i = 0; i < plan.Nics.Count; i++)
        {
            if (plan.Nics[i].Emulated)
            {
                steps.Add(new(CreateStepKind.TapScript, i));
            }
        }

        One(steps, CreateStepKind.NicsReady);
    }

    public static void Qemu(List<CreateStep> steps)
    {
        One(steps, CreateStepKind.DeviceModelDir);
        One(steps, CreateStepKind.DeviceModel);
        One(steps, CreateStepKind.DeviceModelRunning);
    }

    private static void Devices(GuestPlan plan, List<CreateStep> steps)
    {
        Disks(plan, steps);
        One(steps, CreateStepKind.Console);
        Each(steps, plan.Framebuffers.Count, CreateStepKind.Framebuffer);
        Each(steps, plan.Keyboards, CreateStepKind.Keyboard);
        if (plan.IsHvm)
        {
            One(steps, CreateStepKind.HvmloaderKeys);
        }

        if (plan.NeedsQemu)
        {
            Qemu(steps);
            One(steps, CreateStepKind.QueryDeviceModel);
        }

        if (plan.SerialPty)
        {
            One(steps, CreateStepKind.SerialTty);
        }

        if (plan.VncListen.Length > 0)
        {
            One(steps, CreateStepKind.VncKeys);
        }

        Nics(plan, steps, taps: plan.IsHvm);
        One(steps, CreateStepKind.ConsoleTty);
    }
}
