namespace XenActors.Abi;

/// <summary>
/// A grant table entry, version 2: three shapes behind one header, the entry's status in a word of its own elsewhere. Source:
/// <c>public/grant_table.h</c>.
/// </summary>
[XenLayout("union grant_entry_v2")]
public static class GrantEntryV2
{
    public const int SizeOf = 16;
    public const int HdrFlagsOffset = 0;
    public const int HdrDomidOffset = 2;
    public const int FullPageFrameOffset = 8;
    public const int SubPagePageOffOffset = 4;
    public const int SubPageLengthOffset = 6;
    public const int SubPageFrameOffset = 8;
    public const int TransitiveTransDomidOffset = 4;
    public const int TransitiveGrefOffset = 8;
}
