namespace XenActors.Toolstack.Xl;

/// <summary>libxl_device_model_version.</summary>
public enum DeviceModelVersion
{
    QemuXenTraditional = 1,
    QemuXen = 2,
}
