namespace XenActors.Xenstore.Outside;

/// <summary>
/// The port to the programs outside that are clients of the simulated xenstored. What a client is told comes in the order in which
/// xenstored said it.
/// </summary>
public interface IOutsideClients
{
    void Reply(int client, in XsReply reply);

    void WatchEvent(int client, in XsWatchEvent watchEvent);

    /// <summary>Nothing more comes for this client; its number may be given to another.</summary>
    void Closed(int client);
}
