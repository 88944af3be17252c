using XenActors.Experiments.Nbd;

namespace XenActors.Live.Nbd;

/// <summary>Which requests an export takes. Source: <c>doc/proto.md</c>, "Request types" and "Error values".</summary>
internal static class NbdRules
{
    /// <summary>What is wrong with a request; <see cref="NbdError.None"/> when nothing is.</summary>
    /// <param name="allocation">The client has chosen <c>base:allocation</c>.</param>
    public static NbdError Check(NbdExport export, bool structured, bool allocation, in NbdRequestHeader request) => request.Command switch
    {
        _ when (request.Flags & ~FlagsOf(request.Command, structured)) != 0 => NbdError.EINVAL,
        NbdCommand.Read => request.Length > NbdWire.PayloadMax ? NbdError.EOVERFLOW : Range(export, in request, NbdError.EINVAL),
        NbdCommand.Write => Writable(export, in request),
        NbdCommand.WriteZeroes when request.Flags.HasFlag(NbdCommandFlags.FastZero) && !export.ReadOnly => NbdError.ENOTSUP,
        NbdCommand.WriteZeroes => Writable(export, in request),
        NbdCommand.Trim when export.ReadOnly => NbdError.EPERM,
        NbdCommand.Trim => export.Trims ? Range(export, in request, NbdError.EINVAL) : NbdError.EINVAL,
        NbdCommand.BlockStatus => allocation && request.Length > 0 ? Range(export, in request, NbdError.EINVAL) : NbdError.EINVAL,
        NbdCommand.Flush => request.Offset == 0 && request.Length == 0 ? NbdError.None : NbdError.EINVAL,
        _ => NbdError.EINVAL,
    };

    /// <summary>Nobody sends so much; what follows cannot be told from a request.</summary>
    public static bool IsAbsurd(in NbdRequestHeader request) => request.Command == NbdCommand.Write && request.Length > NbdWire.PayloadMax;

    private static NbdError Writable(NbdExport export, in NbdRequestHeader request) =>
        export.ReadOnly ? NbdError.EPERM : Range(export, in request, NbdError.ENOSPC);

    private static NbdError Range(NbdExport export, in NbdRequestHeader request, NbdError beyond)
    {
        if (request.Offset > export.Size || request.Length > export.Size - request.Offset) return beyond;
        return request.Offset % export.BlockSizeMin == 0 && request.Length % export.BlockSizeMin == 0 ? NbdError.None : NbdError.EINVAL;
    }

    // FUA comes with anything, from some clients.
    private static NbdCommandFlags FlagsOf(NbdCommand command, bool structured) => NbdCommandFlags.Fua | command switch
    {
        NbdCommand.Read when structured => NbdCommandFlags.Df,
        NbdCommand.BlockStatus => NbdCommandFlags.ReqOne,
        NbdCommand.WriteZeroes => NbdCommandFlags.NoHole | NbdCommandFlags.FastZero,
        _ => NbdCommandFlags.None,
    };
}
