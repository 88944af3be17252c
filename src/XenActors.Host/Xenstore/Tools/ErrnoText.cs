using System.Globalization;
using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary>The C library's words for errors that a store can answer with.</summary>
internal static class ErrnoText
{
    public static string Of(XenErrno error) => error switch
    {
        XenErrno.EPERM => "Operation not permitted",
        XenErrno.ENOENT => "No such file or directory",
        XenErrno.EIO => "Input/output error",
        XenErrno.E2BIG => "Argument list too long",
        XenErrno.EBADF => "Bad file descriptor",
        XenErrno.EAGAIN => "Resource temporarily unavailable",
        XenErrno.ENOMEM => "Cannot allocate memory",
        XenErrno.EACCES => "Permission denied",
        XenErrno.EBUSY => "Device or resource busy",
        XenErrno.EEXIST => "File exists",
        XenErrno.EISDIR => "Is a directory",
        XenErrno.EINVAL => "Invalid argument",
        XenErrno.ENOSPC => "No space left on device",
        XenErrno.EROFS => "Read-only file system",
        XenErrno.ENOSYS => "Function not implemented",
        XenErrno.ENOTEMPTY => "Directory not empty",
        XenErrno.EISCONN => "Transport endpoint is already connected",
        _ => string.Create(CultureInfo.InvariantCulture, $"Unknown error {(int)error}"),
    };
}
