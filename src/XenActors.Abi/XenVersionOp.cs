namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_xen_version. Source: <c>public/version.h</c>.</summary>
[XenConstants("XENVER_")]
public enum XenVersionOp : uint
{
    Version = 0,
    Extraversion = 1,
    CompileInfo = 2,
    Capabilities = 3,
    Changeset = 4,
    PlatformParameters = 5,
    GetFeatures = 6,
    Pagesize = 7,
    GuestHandle = 8,
    Commandline = 9,
    BuildId = 10,
}
