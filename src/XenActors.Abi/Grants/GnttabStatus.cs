namespace XenActors.Abi;

/// <summary>The outcome of one grant operation. Source: <c>public/grant_table.h</c>.</summary>
[XenConstants("GNTST_")]
public enum GnttabStatus : short
{
    Okay = 0,
    GeneralError = -1,
    BadDomain = -2,
    BadGntref = -3,
    BadHandle = -4,
    BadVirtAddr = -5,
    BadDevAddr = -6,
    NoDeviceSpace = -7,
    PermissionDenied = -8,
    BadPage = -9,
    BadCopyArg = -10,
    AddressTooBig = -11,
    Eagain = -12,
    NoSpace = -13,
}
