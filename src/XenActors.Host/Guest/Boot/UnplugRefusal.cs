namespace XenActors.Guest.Boot;

/// <summary>Why a kernel left the emulated devices alone.</summary>
public enum UnplugRefusal
{
    None,

    /// <summary>This kernel does not know the protocol (at this point of its boot).</summary>
    NotImplemented,

    /// <summary><c>xen_emul_unplug=never</c>.</summary>
    Never,

    /// <summary>No platform device answered at port 0x10.</summary>
    NoMagic,

    UnknownProtocol,
    Blacklisted,

    /// <summary><c>xen_emul_unplug=unnecessary</c>, or <c>ignore</c>.</summary>
    Unnecessary,

    /// <summary>No front end was compiled.</summary>
    NoFrontends,
}
