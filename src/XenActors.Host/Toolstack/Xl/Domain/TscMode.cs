namespace XenActors.Toolstack.Xl;

/// <summary>libxl_tsc_mode.</summary>
public enum TscMode
{
    Default = 0,
    AlwaysEmulate = 1,
    Native = 2,
    NativeParavirt = 3,
}
