using System.Diagnostics;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore;

/// <summary>
/// Waits for clients, asleep or awake. Being woken can cost more than a request does, so while clients come back within moments the wait
/// looks for them again and again before it sleeps; as soon as they do not, it sleeps at once. An idle server costs nothing.
/// </summary>
internal sealed class WakefulWait(Epoll epoll)
{
    // A client that waits for each reply is back within this, however slowly it is woken itself.
    private const int AwakeMicroseconds = 100;

    // A sleep so short would have been worth staying awake for: both wake-ups lie in it.
    private static readonly TimeSpan Soon = TimeSpan.FromMicroseconds(200);

    private const int TrustNeeded = 4;
    private const int TrustMost = 16;
    private const int Disappointment = 4;

    private int trust;

    /// <summary>How many descriptors are ready; waits for the first so many milliseconds, or for ever (-1).</summary>
    public int Wait(int timeoutMs)
    {
        if (trust >= TrustNeeded)
        {
            var count = epoll.Poll(AwakeMicroseconds);
            if (count > 0)
            {
                trust = Math.Min(trust + 1, TrustMost);
                return count;
            }

            trust -= Disappointment;
        }

        var asleep = Stopwatch.GetTimestamp();
        var ready = epoll.Wait(timeoutMs);
        if (Stopwatch.GetElapsedTime(asleep) < Soon) trust = Math.Min(trust + 1, TrustMost);
        else if (trust < TrustNeeded) trust = 0;
        return ready;
    }
}
