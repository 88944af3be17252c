namespace XenActors.Toolstack.Xl;

/// <summary>libxl_disk_specification: the protocol that the guest sees.</summary>
public enum DiskSpecification
{
    Unknown = 0,
    Xen = 1,
    Virtio = 2,
}
