namespace XenActors.Abi;

/// <summary>A vCPU's part of the shared page as a 32-bit guest sees it. Source: <c>public/xen.h</c>.</summary>
[XenLayout("struct vcpu_info", Bits = 32)]
public static class VcpuInfo32
{
    public const int SizeOf = 64;
    public const int EvtchnUpcallPendingOffset = 0;
    public const int EvtchnUpcallMaskOffset = 1;
    public const int EvtchnPendingSelOffset = 4;
    public const int ArchOffset = 8;
    public const int TimeOffset = 32;
}
