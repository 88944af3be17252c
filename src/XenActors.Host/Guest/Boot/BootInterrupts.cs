using System.Globalization;
using XenActors.Abi;

namespace XenActors.Guest.Boot;

/// <summary>GSIs that become event channels: each is mapped to a pirq of the domain by a hypercall.</summary>
internal static class BootInterrupts
{
    private const uint MapPirq = 13;
    private const int SciGsi = 9;
    private const int KeyboardGsi = 1;
    private const int MouseGsi = 12;
    private const int RtcGsi = 8;

    public static IEnumerable<BootAsk> Sci(BootRun run)
    {
        if (!run.Profile.Has("sci-pirq"))
        {
            yield break;
        }

        foreach (var ask in Map(run, SciGsi))
        {
            yield return ask;
        }

        foreach (var ask in Request(run, SciGsi))
        {
            yield return ask;
        }
    }

    /// <summary>The keyboard controller's driver asks for its two interrupts: the mouse's, then the keyboard's.</summary>
    public static IEnumerable<BootAsk> I8042(BootRun run) => [.. Request(run, MouseGsi), .. Request(run, KeyboardGsi)];

    /// <summary>What built-in drivers of ISA devices ask for before the boot waits for its devices: the clock is later than the keyboard.</summary>
    public static IEnumerable<BootAsk> Isa(BootRun run) =>
        run.Profile.Has("xen-kbdfront-builtin") ? Request(run, RtcGsi) : [.. I8042(run), .. Request(run, RtcGsi)];

    public static IEnumerable<BootAsk> Pnp(BootRun run)
    {
        foreach (var gsi in run.State.Spec.Firmware.PnpGsis)
        {
            foreach (var ask in Map(run, gsi))
            {
                yield return ask;
            }

            yield return run.Sleep("us-pnp-device", 45);
        }
    }

    /// <summary>Newer kernels take the controller from the BIOS early, which enables the device and with it its interrupt.</summary>
    public static IEnumerable<BootAsk> UsbQuirks(BootRun run) => run.Profile.Has("usb-gsi-at-quirks") ? Usb(run) : [];

    public static IEnumerable<BootAsk> Usb(BootRun run)
    {
        foreach (var function in run.State.Facts.Pci)
        {
            if (function.IsUsb)
            {
                foreach (var ask in Enable(run, function, "uhci_hcd"))
                {
                    yield return ask;
                }
            }
        }
    }

    /// <summary>What <c>pci_enable_device</c> does for a device that interrupts.</summary>
    public static IEnumerable<BootAsk> Enable(BootRun run, PciFunction function, string driver)
    {
        if (function.Pin == 0)
        {
            yield break;
        }

        foreach (var ask in Map(run, function.Gsi))
        {
            yield return ask;
        }

        var gsi = function.Gsi.ToString(CultureInfo.InvariantCulture);
        run.Print("pci-int", ("driver", driver), ("address", function.Address), ("pin", function.PinLetter.ToString()), ("gsi", gsi));
    }

    // request_irq of an interrupt that is a pirq: its start binds an event channel.
    private static IEnumerable<BootAsk> Request(BootRun run, int gsi)
    {
        if (run.State.Facts.Pirqs.TryGetValue(gsi, out var pirq))
        {
            yield return BootAsk.Call(Hypercall.EventChannelOp, (uint)EvtchnOp.BindPirq, pirq, 0);
        }
    }

    private static IEnumerable<BootAsk> Map(BootRun run, int gsi)
    {
        var facts = run.State.Facts;
        if (!facts.OnXen || facts.NoPv || !facts.VectorCallback || !run.Profile.Has("hvm-pirqs") ||
            !BootHypervisor.Has(facts.Features, XenFeature.HvmPirqs))
        {
            yield break;
        }

        yield return BootAsk.Call(Hypercall.PhysdevOp, MapPirq, (ulong)gsi, 0);
        var text = gsi.ToString(CultureInfo.InvariantCulture);
        if (run.Answer.Result >= 0)
        {
            if (run.Live)
            {
                facts.Pirqs[gsi] = run.Answer.B;
            }

            run.Print("pirq", ("pirq", run.Answer.B.ToString(CultureInfo.InvariantCulture)), ("irq", text), ("gsi", text));
        }
        else
        {
            run.Print("pirq-failed", ("error", run.Answer.Result.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
