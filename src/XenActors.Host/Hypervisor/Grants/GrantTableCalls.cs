using XenActors.Abi;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// HYPERVISOR_grant_table_op on bytes, for what concerns the caller's own table. Each structure gets its own status; the call itself fails
/// only as a whole. Source: <c>xen/common/grant_table.c</c>, do_grant_table_op.
/// </summary>
internal static class GrantTableCalls
{
    /// <summary>XENMAPSPACE_grant_table puts the frames here when nobody chose: below the special pages, where hvmloader leaves room.</summary>
    public const ulong FirstFrame = 0xF2000;

    /// <summary>Where version 2's status frames follow.</summary>
    public const ulong FirstStatusFrame = FirstFrame + 0x400;

    /// <param name="domain">The caller.</param>
    /// <param name="argument">Count structures.</param>
    public static XenErrno Execute(GrantTable table, ushort domain, uint operation, uint count, Span<byte> argument, List<ulong> frames)
    {
        var size = SizeOf(operation);
        if (size < 0)
        {
            // Cache maintenance is Arm's; x86's caches need none.
            return XenErrno.ENOSYS;
        }

        if (count > int.MaxValue / 64 || argument.Length < count * size)
        {
            return XenErrno.EFAULT;
        }

        switch ((GnttabOp)operation)
        {
            case GnttabOp.SwapGrantRef:
                for (var i = 0; i < count; i++)
                {
                    var swap = GnttabSwapGrantRef.Read(argument[(i * size)..]);
                    (swap with { Status = table.Swap(swap.RefA.Value, swap.RefB.Value) }).WriteTo(argument[(i * size)..]);
                }

                return XenErrno.None;
            case GnttabOp.SetVersion:
                return SetVersion(table, argument);
            case GnttabOp.GetVersion:
                return GetVersion(table, domain, argument);
            default:
                return count != 1 ? XenErrno.EINVAL : One(table, domain, (GnttabOp)operation, argument, frames);
        }
    }

    private static int SizeOf(uint operation) => (GnttabOp)operation switch
    {
        GnttabOp.SetupTable => GnttabSetupTable.SizeOf,
        GnttabOp.QuerySize => GnttabQuerySize.SizeOf,
        GnttabOp.SetVersion => GnttabSetVersion.SizeOf,
        GnttabOp.GetStatusFrames => GnttabGetStatusFrames.SizeOf,
        GnttabOp.GetVersion => GnttabGetVersion.SizeOf,
        GnttabOp.SwapGrantRef => GnttabSwapGrantRef.SizeOf,
        _ => -1,
    };

    private static XenErrno One(GrantTable table, ushort domain, GnttabOp operation, Span<byte> argument, List<ulong> frames)
    {
        switch (operation)
        {
            case GnttabOp.SetupTable:
                var setup = GnttabSetupTable.Read(argument);
                var status = Own(setup.Dom, domain) ?? table.SetupTable(setup.NrFrames);
                List(frames, FirstFrame, status, setup.NrFrames);
                (setup with { Status = status }).WriteTo(argument);
                break;
            case GnttabOp.GetStatusFrames:
                var get = GnttabGetStatusFrames.Read(argument);
                status = Own(get.Dom, domain) ?? table.GetStatusFrames(get.NrFrames);
                List(frames, FirstStatusFrame, status, get.NrFrames);
                (get with { Status = status }).WriteTo(argument);
                break;
            default:
                var query = GnttabQuerySize.Read(argument);
                var own = Own(query.Dom, domain);
                (own is { } refused
                    ? query with { Status = refused }
                    : query with { NrFrames = (uint)table.Frames.Count, MaxNrFrames = (uint)table.FramesMax, Status = GnttabStatus.Okay }).WriteTo(argument);
                break;
        }

        return XenErrno.None;
    }

    // Null for the caller's own table. Another's is not reached from here: whoever it is, an unprivileged caller may not.
    private static GnttabStatus? Own(DomId dom, ushort domain) =>
        dom == DomId.Self || dom.Value == domain ? null : dom.IsReserved ? GnttabStatus.BadDomain : GnttabStatus.PermissionDenied;

    private static XenErrno SetVersion(GrantTable table, Span<byte> argument)
    {
        var error = table.SetVersion(GnttabSetVersion.Read(argument).Version);
        new GnttabSetVersion((uint)table.Version).WriteTo(argument);
        return error;
    }

    private static XenErrno GetVersion(GrantTable table, ushort domain, Span<byte> argument)
    {
        var get = GnttabGetVersion.Read(argument);
        switch (Own(get.Dom, domain))
        {
            case null:
                (get with { Version = (uint)table.Version }).WriteTo(argument);
                return XenErrno.None;
            case GnttabStatus.BadDomain:
                return XenErrno.ESRCH;
            default:
                return XenErrno.EPERM;
        }
    }

    private static void List(List<ulong> frames, ulong first, GnttabStatus status, uint count)
    {
        for (var i = 0u; status == GnttabStatus.Okay && i < count; i++)
        {
            frames.Add(first + i);
        }
    }
}
