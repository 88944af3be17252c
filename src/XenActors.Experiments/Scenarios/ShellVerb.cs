namespace XenActors.Experiments.Scenarios;

/// <summary>What can be typed at dom0's shell.</summary>
public enum ShellVerb
{
    Pause,
    Unpause,
    Destroy,
    Shutdown,
    Reboot,
    BlockAttach,
    BlockDetach,
    NetworkAttach,
    NetworkDetach,
    CdInsert,
    CdEject,

    /// <summary><c>xl save -c</c>: the guest suspends, and goes on as if it had not.</summary>
    Save,

    /// <summary>The guest suspends, and goes on in its place with new devices, as after <c>xl restore</c>.</summary>
    Suspend,

    /// <summary>modprobe -r and modprobe of the backend's module.</summary>
    ReloadBackend,

    /// <summary>xenstored is killed and started again with an empty store, or, with <c>--keep</c>, updated live.</summary>
    RestartXenstored,

    /// <summary>lvextend and its like.</summary>
    Resize,

    /// <summary>The plug of a host's disks.</summary>
    PowerLoss,
}
