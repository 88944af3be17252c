using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Experiments.Recordings;

/// <summary>Nobody reads what the programs of a replay are told.</summary>
internal sealed class ReplayClients : IOutsideClients, IOutsideDiskUsers
{
    public void Reply(int client, in XsReply reply)
    {
    }

    public void WatchEvent(int client, in XsWatchEvent watchEvent)
    {
    }

    public void Closed(int client)
    {
    }

    public void Opened(int user, BlockErrno error, in BlockGeometry geometry)
    {
    }

    public void Done(int user, in BlockIoDone done)
    {
    }

    public void Changed(int user, in BlockGeometry geometry)
    {
    }
}
