using System.Globalization;

namespace XenActors.Guest.Boot;

/// <summary>The SCSI disk driver on an ATA drive.</summary>
internal static class AtaDisks
{
    public static IEnumerable<BootAsk> TakeDisk(BootRun run, AtaDrive drive)
    {
        yield return run.Sleep("us-sd-attach", 900_000);
        var (name, _, _, _, _) = AtaNames.Of(run.Profile, drive, run.State.Facts.DisksNamed);
        (string, string)[] values =
        [
            ("scsi", drive.ScsiAddress),
            ("disk", name),
            ("sectors", drive.Sectors.ToString(CultureInfo.InvariantCulture)),
            ("decimal", Size(drive.Sectors * 512, 1000, ["B", "kB", "MB", "GB", "TB", "PB"])),
            ("binary", Size(drive.Sectors * 512, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])),
        ];
        run.Print("sd-size", values);
        run.Print("sd-details", values);
        yield return BootAsk.AddAtaDisk(drive, drive.Sectors);
        yield return BootAsk.ScansDone();

        // The index counts this disk by now, so that the name has to be found again.
        var (attached, _, _, _, _) = AtaNames.Of(run.Profile, drive, run.State.Facts.DisksNamed - 1);
        run.Print("sd-attached", ("scsi", drive.ScsiAddress), ("disk", attached));
    }

    /// <summary>Three significant digits, as <c>string_get_size</c>: 67.1 MB, 64.0 MiB, 512 B.</summary>
    internal static string Size(ulong bytes, ulong unit, string[] names)
    {
        var (whole, rest, index) = (bytes, 0UL, 0);
        while (whole >= unit && index < names.Length - 1)
        {
            rest = whole % unit;
            whole /= unit;
            index++;
        }

        var digits = index == 0 || whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
        var scale = digits switch { 0 => 1UL, 1 => 10UL, _ => 100UL };

        // Rounded half up; what rounds to a whole unit carries.
        var fraction = digits == 0 ? 0 : ((rest * scale) + (unit / 2)) / unit;
        if (fraction == scale && digits > 0)
        {
            (whole, fraction) = (whole + 1, 0);
        }
        else if (digits == 0 && index > 0 && rest * 2 >= unit)
        {
            whole++;
        }

        var text = whole.ToString(CultureInfo.InvariantCulture);
        return digits == 0 ? $"{text} {names[index]}" : $"{text}.{fraction.ToString("D" + digits, CultureInfo.InvariantCulture)} {names[index]}";
    }
}
