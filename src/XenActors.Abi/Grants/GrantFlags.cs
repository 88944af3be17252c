namespace XenActors.Abi;

/// <summary>The type (low two bits) and flags of a grant entry; bits 2 and 3 have other names for transfers. Source: <c>public/grant_table.h</c>.</summary>
[Flags]
[XenConstants("GTF_")]
public enum GrantFlags : ushort
{
    Invalid = 0,
    PermitAccess = 1,
    AcceptTransfer = 2,
    Transitive = 3,
    Readonly = 4,
    TransferCommitted = 4,
    Reading = 8,
    TransferCompleted = 8,
    Writing = 16,
    Pwt = 32,
    Pcd = 64,
    Pat = 128,
    SubPage = 256,
}
