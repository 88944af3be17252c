namespace XenActors.Guest.Block.Outside;

/// <summary>
/// The port to the programs outside that use guests' disks. Users in different guests may be told things at once, on different threads; one user is
/// told one thing after the other.
/// </summary>
public interface IOutsideDiskUsers
{
    void Opened(int user, BlockErrno error, in BlockGeometry geometry);

    void Done(int user, in BlockIoDone done);

    /// <summary>The disk has another size now, or has gone (0 sectors).</summary>
    void Changed(int user, in BlockGeometry geometry);
}
