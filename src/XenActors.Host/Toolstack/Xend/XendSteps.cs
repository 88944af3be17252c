using XenActors.Toolstack.Libxl;

namespace XenActors.Toolstack.Xend;

/// <summary>
/// xend's order of devices, as the guest's kernel lists them on such a host: vfb, vbd, vif, console. QEMU starts before it waits for
/// any of them; xend has no keyboard device for an HVM guest, QEMU's own comes with the framebuffer and stays unseen.
/// </summary>
internal static class XendSteps
{
    public static void Devices(GuestPlan plan, List<CreateStep> steps)
    {
        CreateSteps.Each(steps, plan.IsHvm ? 1 : plan.Framebuffers.Count, CreateStepKind.Framebuffer);
        CreateSteps.Each(steps, plan.IsHvm ? 0 : plan.Keyboards, CreateStepKind.Keyboard);
        CreateSteps.Disks(plan, steps);
        CreateSteps.Nics(plan, steps, taps: false);
        CreateSteps.One(steps, CreateStepKind.Console);
        if (plan.NeedsQemu)
        {
            CreateSteps.Qemu(steps);
            CreateSteps.Taps(plan, steps);
        }

        if (plan.SerialPty)
        {
            CreateSteps.One(steps, CreateStepKind.SerialTty);
        }

        if (plan.VncListen.Length > 0)
        {
            CreateSteps.One(steps, CreateStepKind.VncKeys);
        }
    }
}
