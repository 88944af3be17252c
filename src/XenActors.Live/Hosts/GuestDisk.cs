using XenActors.Experiments.Recordings;
using XenActors.Guest.Block;
using XenActors.Live.Nbd;

namespace XenActors.Live.Hosts;

/// <summary>Where a guest's disk stands that NBD clients are to have.</summary>
internal enum GuestDiskStage
{
    /// <summary>The guest has not booted.</summary>
    Awaited,

    Opening,

    /// <summary>To be had.</summary>
    Open,

    /// <summary>Not to be had, or not any more.</summary>
    Gone,
}

/// <summary>
/// One disk of one guest for NBD clients. What the simulation says of it lies in its mailbox until the server's thread looks there: disks of different
/// guests may be spoken of on different threads.
/// </summary>
internal sealed class GuestDisk(int user, SessionDisk disk, string guest, NbdListener listener)
{
    private List<BlockIoDone> done = [];
    private List<BlockIoDone> taken = [];

    /// <summary>Its number among the session's disks, from 1.</summary>
    public int User { get; } = user;

    public SessionDisk Disk { get; } = disk;

    /// <summary>The guest's name.</summary>
    public string Guest { get; } = guest;

    public NbdListener Listener { get; } = listener;

    public string Name => $"{Guest}/{Disk.Device}";

    public GuestDiskStage Stage { get; set; }

    public NbdExport? Export { get; set; }

    /// <summary>What the kernel has said of the device and nobody has looked at.</summary>
    public (BlockErrno Error, BlockGeometry Geometry)? News { get; set; }

    /// <summary>How many answers nobody has looked at.</summary>
    public int Waiting => done.Count;

    public void Put(in BlockIoDone answer) => done.Add(answer);

    /// <summary>The answers, until the next call.</summary>
    public List<BlockIoDone> Take()
    {
        taken.Clear();
        (done, taken) = (taken, done);
        return taken;
    }
}
