using System.Globalization;

namespace XenActors.Toolstack.Xl;

/// <summary>
/// A virtual block device: the <c>vdev</c> of a disk specification and the number under which it stands in xenstore
/// (xen-vbd-interface(7), libxl__device_disk_dev_number).
/// </summary>
/// <param name="Number">The vbd number, 0 to 2^31-1.</param>
/// <param name="Family">How the guest's emulated or virtual name begins.</param>
/// <param name="Disk">Which disk of its family.</param>
/// <param name="Partition">0 for the whole disk.</param>
public readonly record struct VirtualDevice(uint Number, VirtualDeviceFamily Family, int Disk, int Partition)
{
    private const int XvdMajor = 202;
    private const int SdMajor = 8;
    private const int Ide0Major = 3;
    private const int Ide1Major = 22;
    private const uint Extended = 1u << 28;
    private const int ExtendedDiskMax = (1 << 20) - 1;
    private const int ExtendedPartitionMax = 255;

    /// <summary>The name that <see cref="TryParse"/> turns into this number again.</summary>
    public string Vdev => Family switch
    {
        VirtualDeviceFamily.Xvd => Name("xvd"),
        VirtualDeviceFamily.Hd => Name("hd"),
        VirtualDeviceFamily.Sd => Name("sd"),
        _ => Number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>libxl's words for a vdev it cannot read.</summary>
    public static string Invalid(string vdev) => $"Invalid or unsupported virtual disk identifier {vdev}";

    /// <summary>Reads <c>xvda1</c>, <c>hdc</c>, <c>sdb</c>, <c>d0p1</c> or a bare number.</summary>
    public static bool TryParse(string vdev, out VirtualDevice device)
    {
        if (TryPlain(vdev, out var disk, out var partition)
            || TryName(vdev, "xvd", ExtendedDiskMax, ExtendedPartitionMax, out disk, out partition))
        {
            device = Xvd(disk, partition);
            return true;
        }

        var end = CNumber.ParseUnsigned(vdev, 0, out var number, out var outOfRange);
        if (end > 0 && end == vdev.Length && !outOfRange && number <= int.MaxValue)
        {
            device = FromNumber((uint)number);
            return true;
        }

        if (TryName(vdev, "hd", 3, 63, out disk, out partition))
        {
            device = Hd(disk, partition);
            return true;
        }

        var isSd = TryName(vdev, "sd", 15, 15, out disk, out partition);
        device = isSd ? new VirtualDevice((uint)(SdMajor << 8 | disk << 4 | partition), VirtualDeviceFamily.Sd, disk, partition) : default;
        return isSd;
    }

    /// <summary>The device of a vbd number.</summary>
    public static VirtualDevice FromNumber(uint number)
    {
        var minor = (int)(number & 0xff);
        var device = (number >> 8) switch
        {
            XvdMajor => Xvd(minor >> 4, minor & 15),
            SdMajor => new VirtualDevice(number, VirtualDeviceFamily.Sd, minor >> 4, minor & 15),
            Ide0Major when minor < 128 => Hd(minor >> 6, minor & 63),
            Ide1Major when minor < 128 => Hd((minor >> 6) + 2, minor & 63),
            _ when number >> 28 == 1 => Xvd((int)((number & ~Extended) >> 8), minor),
            _ => default,
        };

        // The extended form of a number that has a short one is legal, but no name leads to it.
        return device.Number == number && device.Family != VirtualDeviceFamily.Other
            ? device
            : new VirtualDevice(number, VirtualDeviceFamily.Other, 0, 0);
    }

    public override string ToString() => $"{Vdev} ({Number})";

    private static VirtualDevice Xvd(int disk, int partition)
    {
        var number = disk <= 15 && partition <= 15
            ? (uint)(XvdMajor << 8 | disk << 4 | partition)
            : Extended | (uint)disk << 8 | (uint)partition;
        return new VirtualDevice(number, VirtualDeviceFamily.Xvd, disk, partition);
    }

    private static VirtualDevice Hd(int disk, int partition)
    {
        var major = disk < 2 ? Ide0Major : Ide1Major;
        return new VirtualDevice((uint)(major << 8 | (disk & 1) << 6 | partition), VirtualDeviceFamily.Hd, disk, partition);
    }

    // scanf's d%ip%i: both numbers may be decimal, hexadecimal or octal.
    private static bool TryPlain(string vdev, out int disk, out int partition)
    {
        disk = partition = 0;
        if (!vdev.StartsWith('d'))
        {
            return false;
        }

        var first = vdev[1..];
        var end = CNumber.Parse(first, 0, out var d);
        if (end == 0 || end >= first.Length || first[end] != 'p')
        {
            return false;
        }

        var second = first[(end + 1)..];
        var whole = CNumber.Parse(second, 0, out var p) is var stop && stop > 0 && stop == second.Length;
        if (!whole || d is < 0 or > ExtendedDiskMax || p is < 0 or > ExtendedPartitionMax)
        {
            return false;
        }

        (disk, partition) = ((int)d, (int)p);
        return true;
    }

    private static bool TryName(string vdev, string prefix, int diskMax, int partitionMax, out int disk, out int partition)
    {
        disk = -1;
        partition = 0;
        if (!vdev.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var at = prefix.Length;
        for (; at < vdev.Length && vdev[at] is >= 'a' and <= 'z'; at++)
        {
            disk = (disk + 1) * 26 + (vdev[at] - 'a');
            if (disk > diskMax)
            {
                return false;
            }
        }

        if (disk < 0 || at == vdev.Length)
        {
            return disk >= 0;
        }

        var rest = vdev[at..];
        long number = 0;
        var end = rest[0] is >= '1' and <= '9' ? CNumber.Parse(rest, 10, out number) : 0;
        partition = end == rest.Length && number <= partitionMax ? (int)number : 0;
        return partition > 0;
    }

    private string Name(string prefix) =>
        prefix + DiskLetters.Of(Disk) + (Partition == 0 ? "" : Partition.ToString(CultureInfo.InvariantCulture));
}
