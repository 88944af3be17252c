using System.Globalization;
using XenActors.Guest.Net;
using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>Drivers of the emulated network cards. They read the card's address from its registers, through ports.</summary>
internal static class BootNic
{
    // Receive address register 0 of the 8254x, reached through the I/O window: index at 0, data at 4.
    private const uint ReceiveAddressLow = 0x5400;
    private const uint ReceiveAddressHigh = 0x5404;

    public static IEnumerable<BootAsk> Load(string name, bool builtIn, BootRun run)
    {
        // udev loads a driver for a device that is there; an initramfs' list loads it anyhow.
        if (run.Profile.Has("modules-by-alias") && !run.State.Facts.Pci.Exists(f => Drives(name, f)))
        {
            yield break;
        }

        run.Say(name + "-banner");
        BootDrivers.Record(run, name, builtIn);
        foreach (var function in run.State.Facts.Pci)
        {
            if (!Drives(name, function))
            {
                continue;
            }

            // What was unplugged after the bus was enumerated reads as all ones.
            yield return BootAsk.Pci(function.Devfn, 0);
            if (run.Answer.Dword == uint.MaxValue)
            {
                continue;
            }

            foreach (var ask in BootInterrupts.Enable(run, function, name))
            {
                yield return ask;
            }

            uint low;
            uint high;
            if (name == "e1000")
            {
                var window = (ushort)(function.Bars[1] & 0xFFFC);
                yield return BootAsk.Out(window, 4, ReceiveAddressLow);
                yield return BootAsk.In((ushort)(window | 4), 4);
                low = run.Answer.Dword;
                yield return BootAsk.Out(window, 4, ReceiveAddressHigh);
                yield return BootAsk.In((ushort)(window | 4), 4);
                high = run.Answer.Dword;
            }
            else
            {
                var registers = (ushort)(function.Bars[0] & 0xFFFC);
                yield return BootAsk.In(registers, 4);
                low = run.Answer.Dword;
                yield return BootAsk.In((ushort)(registers | 4), 4);
                high = run.Answer.Dword;
            }

            yield return run.Sleep("us-nic-probe", 300_000);
            var nic = new GuestNic("eth" + run.State.Nics.Count.ToString(CultureInfo.InvariantCulture), name, function.Address, Mac(low, high), ActorRef.None);
            run.Print(name + "-probe", ("address", function.Address), ("netdev", nic.Name), ("mac", nic.Mac));
            yield return BootAsk.AddNic(nic);
        }
    }

    private static bool Drives(string name, PciFunction function) => function.IsNic && function.Vendor == (name == "e1000" ? 0x8086 : 0x10EC);

    // A window that nobody answers reads as all ones: the address stays unknown.
    private static string Mac(uint low, uint high) => low == uint.MaxValue && (high & 0xFFFF) == 0xFFFF ? GuestNic.ZeroMac : string.Create(
        CultureInfo.InvariantCulture,
        $"{(byte)(low & 0xFF):x2}:{(byte)(low >> 8 & 0xFF):x2}:{(byte)(low >> 16 & 0xFF):x2}:{(byte)(low >> 24):x2}:{(byte)(high & 0xFF):x2}:{(byte)(high >> 8 & 0xFF):x2}");
}
