using XenActors.Abi;

namespace XenActors.Hypervisor.Domains;

/// <summary>
/// The pure part of a domain: CPUID leaves and the simple hypercalls. Sources: <c>public/arch-x86/cpuid.h</c>,
/// <c>public/hvm/params.h</c>, <c>public/physdev.h</c>, <c>public/version.h</c>.
/// </summary>
internal static class Domain
{
    public const uint CpuidBase = 0x40000000;

    /// <summary>The special pages of an HVM guest lie below 4 GiB; libxenguest puts the store's and the console's rings there.</summary>
    public const ulong HvmStoreGfn = 0xFEFFC;
    public const ulong HvmConsoleGfn = 0xFEFFF;

    public const uint PhysdevMapPirq = 13;
    public const uint HvmOpSetParam = 0;
    public const uint HvmOpGetParam = 1;
    public const uint VersionOp = 0;
    public const uint GetFeaturesOp = 6;
    public const uint StopPeriodicTimerOp = 7;

    private const ulong HvmNrParams = 39;

    // get_free_pirq leaves the legacy interrupts alone.
    private const int FirstFreePirq = 16;

    // extra_guest_irqs' default: pirqs above the GSIs.
    private const int ExtraPirqs = 32;

    public static CpuidResult Cpuid(DomainSpec spec, uint leaf) => unchecked(leaf - CpuidBase) switch
    {
        // "XenVMMXenVMM"
        0 => new(leaf, CpuidBase + 5, 0x566E6558, 0x65584D4D, 0x4D4D566E),
        1 => new(leaf, ((uint)spec.XenMajor << 16) | (uint)spec.XenMinor, 0, 0, 0),
        2 => new(leaf, 1, 0x40000000, 1, 0),
        4 => new(leaf, 1u << 3, 0, 0, 0),
        _ => new(leaf, 0, 0, 0, 0),
    };

    public static HypercallResult Call(DomainState state, in CallHypervisor call)
    {
        var spec = state.Spec!;
        var (result, value) = (call.Number, call.Operation) switch
        {
            (Hypercall.HvmOp, HvmOpSetParam) => SetParam(state, call.Arg0, call.Arg1),
            (Hypercall.HvmOp, HvmOpGetParam) => GetParam(state, call.Arg0),
            (Hypercall.XenVersion, VersionOp) => (((long)spec.XenMajor << 16) | (long)spec.XenMinor, 0UL),
            (Hypercall.XenVersion, GetFeaturesOp) => (0L, call.Arg0 == 0 ? spec.Features : 0UL),
            (Hypercall.VcpuOp, StopPeriodicTimerOp) => (0L, 0UL),
            (Hypercall.PhysdevOp, PhysdevMapPirq) => MapPirq(state, call.Arg0),
            _ => (-(long)XenErrno.ENOSYS, 0UL),
        };
        return new(call.Number, call.Operation, call.Arg0, result, value);
    }

    private static (long, ulong) SetParam(DomainState state, ulong index, ulong value)
    {
        if (index >= HvmNrParams)
        {
            return (-(long)XenErrno.EINVAL, 0);
        }

        state.HvmParams[(uint)index] = value;
        return (0, 0);
    }

    private static (long, ulong) GetParam(DomainState state, ulong index) =>
        index >= HvmNrParams ? (-(long)XenErrno.EINVAL, 0) : (0, state.HvmParams.GetValueOrDefault((uint)index));

    // The lowest free one among the host's GSIs from 16 on; when those are used up, from the top downwards.
    private static (long, ulong) MapPirq(DomainState state, ulong index)
    {
        if (index > int.MaxValue)
        {
            return (-(long)XenErrno.EINVAL, 0);
        }

        var gsi = (int)index;
        if (state.Pirqs.TryGetValue(gsi, out var known))
        {
            return (0, (ulong)known);
        }

        var gsis = state.Spec!.GsiCount;
        for (var pirq = FirstFreePirq; pirq < gsis; pirq++)
        {
            if (!state.Pirqs.ContainsValue(pirq))
            {
                state.Pirqs[gsi] = pirq;
                return (0, (ulong)pirq);
            }
        }

        for (var pirq = gsis + ExtraPirqs - 1; pirq >= gsis; pirq--)
        {
            if (!state.Pirqs.ContainsValue(pirq))
            {
                state.Pirqs[gsi] = pirq;
                return (0, (ulong)pirq);
            }
        }

        return (-(long)XenErrno.ENOSPC, 0);
    }
}
