namespace XenActors.Toolstack.Xl;

/// <summary>libxl_vga_interface_type.</summary>
public enum VgaKind
{
    Cirrus = 1,
    Std = 2,
    None = 3,
    Qxl = 4,
}
