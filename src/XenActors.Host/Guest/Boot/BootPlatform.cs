using System.Globalization;
using XenActors.Abi;

namespace XenActors.Guest.Boot;

/// <summary>The driver of the Xen platform PCI device (<c>drivers/xen/platform-pci.c</c>): interrupt, grant table, xenbus.</summary>
internal static class BootPlatform
{
    private const int ENOENT = 2;
    private const int EIO = 5;
    private const ulong CallbackPci = 1UL << 56;
    private const int FirstGsiBeyondIsa = 16;

    public static IEnumerable<BootAsk> Load(string name, bool builtIn, BootRun run)
    {
        var (facts, profile) = (run.State.Facts, run.Profile);
        var device = facts.Pci.Find(f => f.IsPlatformDevice);
        if (profile.Has("unplug-by-module"))
        {
            foreach (var ask in Outsider(run, device))
            {
                yield return ask;
            }
        }

        if (!facts.OnXen || facts.NoPv)
        {
            BootDrivers.Refuse(run, name, builtIn, facts.NoPv ? "nopv" : "no-xen");
            yield break;
        }

        if ((profile.Has("platform-pci-needs-unplug") || profile.Has("unplug-by-module")) && facts.Unplug == 0)
        {
            BootDrivers.Refuse(run, name, builtIn, "no-unplug");
            yield break;
        }

        if (device is null)
        {
            // The driver is registered all the same; it never finds its device.
            BootDrivers.Record(run, name, builtIn);
            yield break;
        }

        foreach (var ask in BootInterrupts.Enable(run, device, name))
        {
            yield return ask;
        }

        if ((device.Bars[0] & ~3u) == 0 || (device.Bars[1] & ~15u) == 0)
        {
            run.Print("platform-no-resources", ("address", device.Address));
            BootDrivers.Record(run, name, builtIn, ENOENT, "no-resources");
            yield break;
        }

        if (!facts.VectorCallback)
        {
            var via = device.Gsi < FirstGsiBeyondIsa ? (uint)device.Gsi : CallbackPci | ((ulong)device.Devfn << 8) | (uint)((device.Pin - 1) & 3);
            yield return BootAsk.Call(Hypercall.HvmOp, (uint)HvmOp.SetParam, (ulong)HvmParam.CallbackIrq, via);
            if (run.Answer.Result != 0)
            {
                run.Print("platform-callback-failed", ("address", device.Address), ("error", run.Answer.Result.ToString(CultureInfo.InvariantCulture)));
                BootDrivers.Record(run, name, builtIn, EIO, "callback");
                yield break;
            }
        }

        run.Say("grant-table-version");
        run.Say("grant-table");
        BootDrivers.Record(run, name, builtIn);
        if (run.Live)
        {
            (facts.PlatformDriver, facts.GrantTable) = (true, true);
        }

        yield return BootAsk.StartXenbus();
    }

    // The old modules know Xen by themselves, since their kernel does not; and they unplug.
    private static IEnumerable<BootAsk> Outsider(BootRun run, PciFunction? device)
    {
        if (device is null)
        {
            yield break;
        }

        foreach (var ask in BootHypervisor.Detect(run, always: true))
        {
            yield return ask;
        }

        foreach (var ask in BootUnplug.ByModule(run))
        {
            yield return ask;
        }
    }
}
