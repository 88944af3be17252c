using System.Diagnostics;

namespace XenActors.Live.Xenstore;

/// <summary>
/// Lets clients whose transactions meet EAGAIN take turns. Of clients that change the same nodes at the same time one commits and all others have
/// worked for nothing, and again in the next round; so a client that has lost lately is answered its TRANSACTION_START only when no other such client
/// has a transaction open. Nobody waits for long, and clients that never lose wait for nobody.
/// </summary>
internal sealed class TransactionTurns(TimeSpan idleMost, TimeSpan turnMost)
{
    /// <summary>Commits after which a client that has lost is free again.</summary>
    private const int Memory = 16;

    // Whoever has the turn and says nothing for so long, or keeps it for so long, loses it; nobody is held longer than the latter.
    private readonly long idleTicks = (long)(idleMost.TotalSeconds * Stopwatch.Frequency);
    private readonly long turnTicks = (long)(turnMost.TotalSeconds * Stopwatch.Frequency);

    private readonly Queue<ClientSocket> held = new();
    private ClientSocket? holder;
    private long begun;
    private long active;

    /// <summary>Somebody waits, so the clock matters.</summary>
    public bool Any => held.Count > 0;

    /// <summary>A client wants to start a transaction. False: it waits until <see cref="Next"/> says its name.</summary>
    /// <param name="open">Transactions that it has open: it would wait for itself.</param>
    public bool MayStart(ClientSocket client, int open)
    {
        if (client.Losses == 0 || open > 0) return true;
        if (holder == client) return true;
        if (holder is null && held.Count == 0)
        {
            Take(client);
            return true;
        }

        client.HeldSince = Stopwatch.GetTimestamp();
        client.Held = true;
        held.Enqueue(client);
        return false;
    }

    /// <summary>A request of a client has been handled that began or ended a transaction.</summary>
    public void Handled(ClientSocket client, bool ended, bool again, int open)
    {
        if (again) client.Losses = Memory;
        else if (ended && client.Losses > 0) client.Losses--;
        if (holder == client && open == 0) holder = null;
    }

    /// <summary>A client has said something inside its transaction.</summary>
    public void Heard(ClientSocket client)
    {
        if (held.Count > 0 && holder == client) active = Stopwatch.GetTimestamp();
    }

    /// <summary>A client is gone, or going: it waits for nobody and nobody waits for it.</summary>
    public void Gone(ClientSocket client)
    {
        (client.Held, client.Losses) = (false, 0);
        if (holder == client) holder = null;
    }

    /// <summary>Who may go on now; null for nobody.</summary>
    public ClientSocket? Next()
    {
        while (held.TryPeek(out var client))
        {
            if (client.Held && holder is not null)
            {
                var now = Stopwatch.GetTimestamp();
                if (now - active < idleTicks && now - begun < turnTicks && now - client.HeldSince < turnTicks) return null;
            }

            held.Dequeue();
            if (!client.Held) continue;
            client.Held = false;
            Take(client);
            return client;
        }

        return null;
    }

    private void Take(ClientSocket client)
    {
        holder = client;
        begun = active = Stopwatch.GetTimestamp();
    }
}
