using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// The bytes that Xen and a guest share for events in the 2-level layout: the page with struct shared_info, and struct vcpu_info of the
/// vCPUs that have no place in it. Both ends read and write here. Source: <c>public/xen.h</c>.
/// </summary>
[Codec]
public sealed partial class SharedPages
{
    /// <summary>evtchn_pending stands behind the same 32 vcpu_info in both layouts.</summary>
    public const int PendingOffset = SharedInfo.EvtchnPendingOffset;

    /// <summary>xen_ulong_t of the guest: 32 or 64 bits. So many words of so many bits are the 2-level layout's ports.</summary>
    public int WordBits { get; private set; } = 64;

    /// <summary>All ports masked: a guest kernel's first act.</summary>
    public byte[] Info { get; private set; } = MaskedPage(64);

    /// <summary>VCPUOP_register_vcpu_info's pages of the vCPUs from 32 on, one after the other.</summary>
    public byte[] MoreVcpus { get; private set; } = [];

    public int MaskOffset => PendingOffset + (WordBits * WordBits / 8);

    public uint Channels => (uint)(WordBits * WordBits);

    private int SelectorOffset => WordBits == 64 ? VcpuInfo.EvtchnPendingSelOffset : VcpuInfo32.EvtchnPendingSelOffset;

    /// <summary>A new guest's pages.</summary>
    public void Clear(int wordBits, int vcpus)
    {
        WordBits = wordBits;
        Info = MaskedPage(wordBits);
        MoreVcpus = new byte[Math.Max(0, vcpus - SharedInfo.VcpuInfoCount) * SharedInfo.VcpuInfoStride];
    }

    public bool IsPending(uint port) => GuestBits.Test(Info, PendingOffset, port);

    public bool IsMasked(uint port) => GuestBits.Test(Info, MaskOffset, port);

    public ulong PendingWord(int index) => GuestBits.Word(Info, PendingOffset, index, WordBits);

    public ulong MaskWord(int index) => GuestBits.Word(Info, MaskOffset, index, WordBits);

    public void Mask(uint port) => GuestBits.TestAndSet(Info, MaskOffset, port);

    public bool UpcallPending(int vcpu) => VcpuPage(vcpu, out var at)[at + VcpuInfo.EvtchnUpcallPendingOffset] != 0;

    /// <summary>True when it was not set before.</summary>
    public bool SetUpcallPending(int vcpu)
    {
        ref var flag = ref VcpuPage(vcpu, out var at)[at + VcpuInfo.EvtchnUpcallPendingOffset];
        var was = flag != 0;
        flag = 1;
        return !was;
    }

    public void ClearUpcallPending(int vcpu) => VcpuPage(vcpu, out var at)[at + VcpuInfo.EvtchnUpcallPendingOffset] = 0;

    /// <summary>The guest's exchange of its selector with zero.</summary>
    public ulong TakeSelector(int vcpu)
    {
        var page = VcpuPage(vcpu, out var at);
        var selector = GuestBits.Word(page, at + SelectorOffset, 0, WordBits);
        GuestBits.SetWord(page, at + SelectorOffset, 0, WordBits, 0);
        return selector;
    }

    /// <summary>evtchn_2l_set_pending: true when the vCPU's upcall_pending is to be set.</summary>
    internal bool Raise(uint port, int vcpu) =>
        !GuestBits.TestAndSet(Info, PendingOffset, port) && !IsMasked(port) && Select(port, vcpu);

    /// <summary>evtchn_2l_unmask: true when the vCPU's upcall_pending is to be set.</summary>
    internal bool Unmask(uint port, int vcpu) =>
        GuestBits.TestAndClear(Info, MaskOffset, port) && IsPending(port) && Select(port, vcpu);

    internal void ClearPending(uint port) => GuestBits.TestAndClear(Info, PendingOffset, port);

    private static byte[] MaskedPage(int wordBits)
    {
        var page = new byte[Gfn.PageSize];
        var bytes = wordBits * wordBits / 8;
        page.AsSpan(PendingOffset + bytes, bytes).Fill(0xFF);
        return page;
    }

    private bool Select(uint port, int vcpu)
    {
        var page = VcpuPage(vcpu, out var at);
        return !GuestBits.TestAndSet(page, at + SelectorOffset, port / (uint)WordBits);
    }

    private byte[] VcpuPage(int vcpu, out int at)
    {
        var inside = vcpu < SharedInfo.VcpuInfoCount;
        at = (inside ? vcpu : vcpu - SharedInfo.VcpuInfoCount) * SharedInfo.VcpuInfoStride;
        return inside ? Info : MoreVcpus;
    }
}
