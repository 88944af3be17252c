namespace XenActors.Abi;

/// <summary>The bits of a grant entry's flags that tell its type. Source: <c>public/grant_table.h</c>.</summary>
[XenConstants("GTF_")]
public static class GrantTypes
{
    public const ushort TypeMask = 3;

    public static GrantFlags TypeOf(GrantFlags flags) => flags & (GrantFlags)TypeMask;
}
