using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// Xen's own record of an entry: who uses it, and for what. The guest may write to its entry what it likes meanwhile: this counts. Source:
/// <c>xen/common/grant_table.c</c>, struct active_grant_entry.
/// </summary>
[Codec]
public partial struct ActiveGrant
{
    /// <summary>GNTPIN_*: four counters of eight bits, from the lowest: host writers, host readers, device writers, device readers.</summary>
    public uint Pin { get; set; }

    public ushort Domid { get; set; }

    public ulong Frame { get; set; }

    /// <summary>First byte of the page that may be copied.</summary>
    public ushort Start { get; set; }

    /// <summary>Bytes that may be copied.</summary>
    public ushort Length { get; set; }

    /// <summary>A part of a page, or through another domain's grant: it cannot be mapped.</summary>
    public bool SubPage { get; set; }

    public bool Transitive { get; set; }

    /// <summary>Transitive: where the page is.</summary>
    public ushort SourceDomid { get; set; }

    public uint SourceRef { get; set; }
}

/// <summary>The counters of <see cref="ActiveGrant.Pin"/>. Source: <c>xen/common/grant_table.c</c>, GNTPIN_*.</summary>
public static class GrantPin
{
    public const uint HostWrite = 1;
    public const uint HostRead = 1 << 8;
    public const uint DeviceWrite = 1 << 16;
    public const uint DeviceRead = 1 << 24;

    /// <summary>Any writer.</summary>
    public const uint WritersMask = (0xFF * HostWrite) | (0xFF * DeviceWrite);

    /// <summary>
    /// So many users of a kind an entry can have: Xen refuses one more as soon as the eight-bit counter's top bit is set.
    /// </summary>
    public const int Max = 128;

    /// <summary>The top bits of the counters that would be incremented.</summary>
    public static uint Overflow(uint increment) => increment << 7;

    /// <summary>All users.</summary>
    public static int Users(uint pin) => (int)((pin & 0xFF) + (pin >> 8 & 0xFF) + (pin >> 16 & 0xFF) + (pin >> 24));
}
