namespace XenActors.DeviceModel;

/// <summary>Bits of the 16-bit write to port 0x10.</summary>
public static class UnplugMask
{
    public const ushort IdeDisks = 1;
    public const ushort Nics = 2;

    /// <summary>All IDE disks but the primary master; void beside <see cref="IdeDisks"/>.</summary>
    public const ushort AuxIdeDisks = 4;

    /// <summary>QEMU goes to its disks for this bit, too.</summary>
    public const ushort Nvme = 8;
}
