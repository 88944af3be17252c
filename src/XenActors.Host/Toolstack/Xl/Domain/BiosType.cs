namespace XenActors.Toolstack.Xl;

/// <summary>libxl_bios_type; null leaves the choice to libxl.</summary>
public enum BiosType
{
    Rombios = 1,
    Seabios = 2,
    Ovmf = 3,
}
