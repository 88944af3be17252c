using XenActors.Simulation;

namespace XenActors.Xenstore.Outside;

[Codec]
public sealed partial class OutsideClientsState
{
    public required ActorRef Xenstored { get; init; }

    /// <summary>How many clients there have been at once.</summary>
    public int Places { get; set; }
}

/// <summary>
/// Where programs outside come in: first in its process, with a child for each number that a client can have, so that a client's address
/// follows from its number (<see cref="AddressOf"/>).
/// </summary>
public sealed class OutsideClientsActor : Actor<OutsideClientsState>
{
    private const int OwnPlace = 1;

    public static ActorRef In(int process) => new(process, OwnPlace);

    public static ActorRef AddressOf(int process, int client) => new(process, OwnPlace + client);

    public void On(in OutsideConnected m)
    {
        if (m.Client <= State.Places)
        {
            return; // The number of a client that has left.
        }

        State.Places++;
        var place = Context.Spawn<OutsideClientActor, OutsideClientState>(
            m.Client.ToString(System.Globalization.CultureInfo.InvariantCulture), new() { Client = m.Client, Xenstored = State.Xenstored });
        if (m.Client != State.Places || place != AddressOf(Self.Process, m.Client))
        {
            throw new SimulationException($"client {m.Client} came out of turn: expected {State.Places}");
        }
    }
}
