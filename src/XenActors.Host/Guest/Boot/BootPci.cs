using System.Globalization;

namespace XenActors.Guest.Boot;

/// <summary>PCI bus 0: every slot, and the functions of a slot that has several.</summary>
internal static class BootPci
{
    private const byte IdRegister = 0x00;
    private const byte CommandRegister = 0x04;
    private const byte ClassRegister = 0x08;
    private const byte HeaderRegister = 0x0C;
    private const byte FirstBar = 0x10;
    private const byte InterruptRegister = 0x3C;
    private const int Bars = 6;
    private const byte SeveralFunctions = 0x80;

    public static IEnumerable<BootAsk> Enumerate(BootRun run)
    {
        for (var slot = 0; slot < 32; slot++)
        {
            var functions = 1;
            for (var function = 0; function < functions; function++)
            {
                var devfn = (byte)((slot << 3) | function);
                yield return BootAsk.Pci(devfn, IdRegister);
                var id = run.Answer.Dword;
                if (id is uint.MaxValue or 0)
                {
                    continue;
                }

                yield return BootAsk.Pci(devfn, ClassRegister);
                var classCode = run.Answer.Dword >> 8;
                yield return BootAsk.Pci(devfn, HeaderRegister);
                var header = (byte)(run.Answer.Dword >> 16 & 0xFF);
                functions = function == 0 && (header & SeveralFunctions) != 0 ? 8 : functions;
                yield return BootAsk.Pci(devfn, CommandRegister);
                var ioEnabled = (run.Answer.Dword & 1) != 0;
                var bars = new List<uint>();
                for (var bar = 0; bar < Bars; bar++)
                {
                    yield return BootAsk.Pci(devfn, (byte)(FirstBar + (bar * 4)));
                    bars.Add(run.Answer.Dword);
                }

                yield return BootAsk.Pci(devfn, InterruptRegister);
                var pin = (byte)(run.Answer.Dword >> 8 & 0xFF);
                Found(run, new(devfn, (ushort)(id & 0xFFFF), (ushort)(id >> 16), classCode, (byte)(header & 0x7F), pin <= 4 ? pin : (byte)0, ioEnabled, bars));
            }
        }
    }

    private static void Found(BootRun run, PciFunction function)
    {
        run.Print(
            "pci-device",
            ("address", function.Address),
            ("vendor", function.Vendor.ToString("x4", CultureInfo.InvariantCulture)),
            ("device", function.Device.ToString("x4", CultureInfo.InvariantCulture)),
            ("header", function.HeaderType.ToString("x2", CultureInfo.InvariantCulture)),
            ("class-only", (function.Class >> 8).ToString("x6", CultureInfo.InvariantCulture)),
            ("class", function.Class.ToString("x6", CultureInfo.InvariantCulture)));
        if (run.Live)
        {
            run.State.Facts.Pci.Add(function);
        }
    }
}
