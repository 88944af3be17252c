namespace XenActors.Toolstack.Xl;

/// <summary>libxl_nic_type; <see cref="Unknown"/> becomes ioemu for an HVM guest and vif for the others.</summary>
public enum NicType
{
    Unknown = 0,

    /// <summary>An emulated card beside the vif.</summary>
    VifIoemu = 1,

    Vif = 2,
}
