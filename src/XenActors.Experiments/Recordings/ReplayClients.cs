using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Experiments.Recordings;

/// <summary>Nobody reads what the clients of a replay are told.</summary>
internal sealed class ReplayClients : IOutsideClients
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
}
