namespace XenActors.Abi;

/// <summary>The names of errors on xenstore's wire. Source: <c>public/io/xs_wire.h</c> (<c>xsd_errors</c>).</summary>
public static class XsWireError
{
    /// <summary>An error's name; what the protocol has no name for travels as EINVAL.</summary>
    public static string NameOf(XenErrno error) => error switch
    {
        XenErrno.EACCES => "EACCES",
        XenErrno.EEXIST => "EEXIST",
        XenErrno.EISDIR => "EISDIR",
        XenErrno.ENOENT => "ENOENT",
        XenErrno.ENOMEM => "ENOMEM",
        XenErrno.ENOSPC => "ENOSPC",
        XenErrno.EIO => "EIO",
        XenErrno.ENOTEMPTY => "ENOTEMPTY",
        XenErrno.ENOSYS => "ENOSYS",
        XenErrno.EROFS => "EROFS",
        XenErrno.EBUSY => "EBUSY",
        XenErrno.EAGAIN => "EAGAIN",
        XenErrno.EISCONN => "EISCONN",
        XenErrno.E2BIG => "E2BIG",
        XenErrno.EPERM => "EPERM",
        _ => "EINVAL",
    };

    /// <summary>The error that a name stands for; an unknown name reads as EINVAL.</summary>
    public static XenErrno Parse(ReadOnlySpan<char> name)
    {
        foreach (var error in Enum.GetValues<XenErrno>())
        {
            // What has no name of its own is named EINVAL too.
            if (name.SequenceEqual(NameOf(error)) && !name.SequenceEqual("EINVAL")) return error;
        }

        return XenErrno.EINVAL;
    }
}
