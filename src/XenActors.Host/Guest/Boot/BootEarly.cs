using System.Globalization;
using XenActors.Hypervisor.Domains;

namespace XenActors.Guest.Boot;

/// <summary>Before the interrupts: banner, command line, firmware tables.</summary>
internal static class BootEarly
{
    public static IEnumerable<BootAsk> Entry(BootRun run)
    {
        var (spec, profile) = (run.State.Spec, run.Profile);
        run.Print("linux-version", ("release", profile.Release));
        run.Print("command-line", ("command-line", spec.CommandLine));
        if (spec.CommandLine.Contains("earlyprintk=xen", StringComparison.Ordinal))
        {
            run.Say("bootconsole-enabled");
        }

        var (bits, unrecognised) = profile.Has("emul-unplug")
            ? UnplugParameter.Read(spec.CommandLine, "xen_emul_unplug", profile.Has("unplug-ignore-token"))
            : (0u, []);
        foreach (var rest in unrecognised)
        {
            run.Print("unplug-unrecognised", ("option", rest));
        }

        if (run.Live)
        {
            run.State.Facts.UnplugAsked = bits;
        }

        yield break;
    }

    public static IEnumerable<BootAsk> Firmware(BootRun run)
    {
        var firmware = run.State.Spec.Firmware;
        run.Print(
            "dmi",
            ("manufacturer", firmware.Manufacturer),
            ("product", firmware.Product),
            ("version", firmware.BiosVersion),
            ("date", firmware.BiosDate));
        yield break;
    }

    public static IEnumerable<BootAsk> Acpi(BootRun run)
    {
        foreach (var table in run.State.Spec.Firmware.Acpi)
        {
            // RSDP and FACS have no header of the common kind.
            var message = table.Signature is "RSDP" or "FACS" ? "acpi-" + table.Signature.ToLowerInvariant() : "acpi-table";
            run.Print(
                message,
                ("signature", table.Signature),
                ("address", Hex(table.Address, 16)),
                ("ADDRESS", Hex(table.Address, 16).ToUpperInvariant()),
                ("length", Hex(table.Length, 5).ToUpperInvariant()),
                ("length6", Hex(table.Length, 6).ToUpperInvariant()),
                ("revision", table.Revision.ToString("00", CultureInfo.InvariantCulture)),
                ("revision3", table.Revision.ToString("000", CultureInfo.InvariantCulture)),
                ("oem", table.OemId.PadLeft(6)),
                ("oem-left", table.OemId.PadRight(6)),
                ("table", table.OemTableId.PadLeft(8)),
                ("table-left", table.OemTableId.PadRight(8)),
                ("oem-revision", Hex(table.OemRevision, 8).ToUpperInvariant()),
                ("compiler", table.CompilerId.PadLeft(4)),
                ("compiler-revision", Hex(table.CompilerRevision, 8).ToUpperInvariant()));
        }

        yield break;
    }

    public static IEnumerable<BootAsk> Paravirt(BootRun run)
    {
        var facts = run.State.Facts;
        var paravirtual = facts.OnXen && !facts.NoPv;
        run.Print("booting", ("platform", paravirtual ? "Xen HVM" : "bare hardware"));
        if (paravirtual)
        {
            run.Say(run.State.Spec.Vcpus == 1 ? "spinlocks-disabled" : "spinlocks-enabled");
        }

        run.Print("kernel-command-line", ("command-line", run.State.Spec.CommandLine));
        yield break;
    }

    private static string Hex(ulong value, int digits) => value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
