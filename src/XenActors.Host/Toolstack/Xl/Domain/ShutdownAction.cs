namespace XenActors.Toolstack.Xl;

/// <summary>libxl_action_on_shutdown: what becomes of a domain that ended.</summary>
public enum ShutdownAction
{
    Destroy = 1,
    Restart = 2,
    RenameRestart = 3,
    Preserve = 4,
    CoredumpDestroy = 5,
    CoredumpRestart = 6,
    SoftReset = 7,
}
