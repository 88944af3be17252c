namespace XenActors.Tests.Live.Debian;

/// <summary>What a test takes from Debian; scripts/test.sh provides it.</summary>
[Flags]
public enum DebianNeeds
{
    /// <summary>xenstore-ls and its like, test-xenstore.</summary>
    Tools = 1,

    /// <summary>The C daemon with its shim.</summary>
    Daemon = 2,

    /// <summary>gcc, the C library's headers and libxenstore's.</summary>
    Compiler = 4,

    /// <summary>NBD's clients and servers, fio, e2fsprogs.</summary>
    Nbd = 8,
}
