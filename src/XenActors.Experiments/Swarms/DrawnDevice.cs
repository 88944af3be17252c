using XenActors.Experiments.Faults;

namespace XenActors.Experiments.Swarms;

/// <summary>A domain of a drawn scenario.</summary>
/// <param name="Host">Its host's name; empty where there is one host only.</param>
/// <param name="Number">What Xen will call it, in its first life.</param>
internal sealed record DrawnDomain(string Name, string Host, ushort Number)
{
    /// <summary>What stands before the paths of its host's actors.</summary>
    public string Prefix => Host.Length == 0 ? "" : Host + "/";
}

/// <summary>A disk or a NIC of a drawn domain.</summary>
/// <param name="Name">As xl and xenstore know it: <c>hda</c>, <c>xvdb</c>, <c>vif0</c>.</param>
/// <param name="InGuest">As the guest's kernel names it: <c>xvda</c>, <c>eth0</c>.</param>
/// <param name="Path">A disk's volume.</param>
internal sealed record DrawnDevice(DrawnDomain Domain, string Name, string InGuest, string Path)
{
    /// <summary>As faults name it.</summary>
    public string Text => $"{Domain.Name}/{Name}";

    public DevicePlace Place => DevicePlace.Named(Domain.Number, Name)!;
}
