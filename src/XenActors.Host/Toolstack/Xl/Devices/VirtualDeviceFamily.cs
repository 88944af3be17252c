namespace XenActors.Toolstack.Xl;

/// <summary>The naming that a device number belongs to, xen-vbd-interface(7).</summary>
public enum VirtualDeviceFamily
{
    /// <summary>A number without a name of its own.</summary>
    Other,

    Xvd,
    Hd,
    Sd,
}
