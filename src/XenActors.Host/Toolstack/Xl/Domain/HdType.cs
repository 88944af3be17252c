namespace XenActors.Toolstack.Xl;

/// <summary>libxl_hdtype: what the emulated hd disks hang on.</summary>
public enum HdType
{
    Ide = 1,
    Ahci = 2,
}
