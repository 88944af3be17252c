using System.Globalization;

namespace XenActors.Toolstack.Xl;

/// <summary>
/// What mainline Linux' xen-blkfront makes of a vbd number: always major 202, so that hda, sda and xvda are all
/// <c>xvda</c>.
/// </summary>
/// <param name="Name">The name in /dev.</param>
/// <param name="Minor">The first minor number.</param>
/// <param name="Minors">How many it takes: 16, or 256 in the extended range, or 1 for a lone partition.</param>
public readonly record struct LinuxDisk(string Name, int Minor, int Minors)
{
    private const int PartitionsPerDisk = 16;
    private const int PartitionsPerExtendedDisk = 256;
    private const int MinorBits = 20;

    /// <summary>Null where blkfront refuses the number (-ENODEV); <paramref name="reason"/> is then its message.</summary>
    public static LinuxDisk? FromNumber(uint number, out string reason)
    {
        var hex = number.ToString("x", CultureInfo.InvariantCulture);
        reason = "";
        if (number >> 28 > 1)
        {
            reason = $"blkfront: vdevice 0x{hex} is above the extended range; ignoring";
            return null;
        }

        var isExtended = number >> 28 == 1;
        var parts = isExtended ? PartitionsPerExtendedDisk : PartitionsPerDisk;
        if ((isExtended ? (int)(number & ~(1u << 28)) : Translate(number)) is not { } minor)
        {
            reason = "blkfront: your disk configuration is incorrect, please use an xvd device instead";
            return null;
        }

        if (minor >> MinorBits != 0)
        {
            reason = $"blkfront: 0x{hex}'s minor (0x{minor.ToString("x", CultureInfo.InvariantCulture)}) out of range; ignoring";
            return null;
        }

        var letters = "xvd" + DiskLetters.Of(minor / parts);
        var part = minor % parts;
        return part == 0
            ? new LinuxDisk(letters, minor, parts)
            : new LinuxDisk(letters + part.ToString(CultureInfo.InvariantCulture), minor, 1);
    }

    /// <summary>The name alone, or null.</summary>
    public static string? NameOf(uint number) => FromNumber(number, out _)?.Name;

    /// <summary>The name of a partition that the guest's kernel found on this disk; from 1.</summary>
    public string PartitionName(int partition)
    {
        var dash = Name[^1] is >= '0' and <= '9' ? "p" : "";
        return Name + dash + partition.ToString(CultureInfo.InvariantCulture);
    }

    // xen_translate_vdev: an IDE partition becomes its whole disk, the other families keep their 16 minors a disk.
    private static int? Translate(uint number)
    {
        var minor = (int)(number & 0xff);
        return (number >> 8) switch
        {
            3 => minor / 64 * PartitionsPerDisk,
            22 => (minor / 64 + 2) * PartitionsPerDisk,
            8 or 202 => minor,
            >= 65 and <= 71 and var major => minor + ((int)major - 65 + 1) * 16 * PartitionsPerDisk,
            >= 128 and <= 135 and var major => minor + ((int)major - 128 + 8) * 16 * PartitionsPerDisk,
            _ => null,
        };
    }
}
