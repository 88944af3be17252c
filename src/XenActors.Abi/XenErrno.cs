namespace XenActors.Abi;

/// <summary>Xen's error numbers; hypercalls return them negated, xenstore sends their names. Source: <c>public/errno.h</c>.</summary>
public enum XenErrno
{
    /// <summary>No error.</summary>
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EIO = 5,
    E2BIG = 7,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EBUSY = 16,
    EEXIST = 17,
    ENODEV = 19,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    ENOSPC = 28,
    EROFS = 30,
    ERANGE = 34,
    ENOSYS = 38,
    ENOTEMPTY = 39,
    ETIME = 62,
    EOPNOTSUPP = 95,
    EISCONN = 106,
    ETIMEDOUT = 110,
}
