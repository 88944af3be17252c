namespace XenActors.Abi;

/// <summary>The page that Xen shares with a 32-bit domain: words of 32 bits, so 1,024 ports. Source: <c>public/xen.h</c>.</summary>
[XenLayout("struct shared_info", Bits = 32)]
public static class SharedInfo32
{
    public const int SizeOf = 2344;
    public const int VcpuInfoOffset = 0;
    public const int EvtchnPendingOffset = 2048;
    public const int EvtchnMaskOffset = 2176;
    public const int WcVersionOffset = 2304;
    public const int WcSecOffset = 2308;
    public const int WcNsecOffset = 2312;
    public const int ArchOffset = 2316;
}
