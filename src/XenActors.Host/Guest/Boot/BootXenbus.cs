using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>When the kernel starts its xenbus, and what it says about devices that nobody drives.</summary>
internal static class BootXenbus
{
    /// <summary>As in <c>wait_for_devices</c>: 30 s for all, 270 s more for the essential ones.</summary>
    public static readonly VirtualDuration Patience = VirtualDuration.FromSeconds(310);

    /// <summary>
    /// A PV guest's store stands in its start information. In an HVM guest old kernels leave this to the platform device; newer ones need
    /// that device only where events arrive through its interrupt.
    /// </summary>
    public static IEnumerable<BootAsk> Initcall(BootRun run)
    {
        var facts = run.State.Facts;
        var pv = run.State.Spec.Type == DomainType.Pv;
        if (facts.OnXen && !facts.NoPv && (pv || (facts.VectorCallback && run.Profile.Has("xenbus-without-platform"))))
        {
            yield return BootAsk.StartXenbus();
        }
    }

    public static IEnumerable<BootAsk> Late(BootRun run)
    {
        var state = run.State;
        foreach (var ask in BootInterrupts.Isa(run))
        {
            yield return ask;
        }

        if (!state.Facts.XenbusStarted || !state.Facts.HasPvDevices(state.Spec.Type != DomainType.Pv))
        {
            yield break;
        }

        yield return BootAsk.XenbusDevices(Patience);
        yield return BootAsk.XenbusSettled(Patience);
        foreach (var node in state.XenbusNodes ?? [])
        {
            var type = node.Split('/')[1];
            if (!state.Registered.Contains(type) && !(type == "console" && run.Profile.Has("console-ignored")))
            {
                run.Print("xenbus-no-driver", ("node", node));
            }
        }
    }
}
