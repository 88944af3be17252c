using System.Globalization;
using XenActors.Abi;

namespace XenActors.Guest.Boot;

/// <summary>GSIs that become event channels: each is mapped to a pirq of the domain by a hypercall.</summary>
internal static class BootInterrupts
{
    private const uint MapPirq = 13;
    private const int SciGsi = 9;

    public static IEnumerable<BootAsk> Sci(BootRun run) => run.Profile.Has("sci-pirq") ? Map(run, SciGsi) : [];

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
            run.Print("pirq", ("pirq", run.Answer.B.ToString(CultureInfo.InvariantCulture)), ("irq", text), ("gsi", text));
        }
        else
        {
            run.Print("pirq-failed", ("error", run.Answer.Result.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
