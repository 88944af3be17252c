using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// What an <see cref="Explanation"/> needs of a run, in bounded memory: until a moment, the last records of all, the last to and from each actor, and
/// the last landmarks (beginnings, ends, dead letters, timeouts, states of devices). A run replays exactly: the first one finds the violation, the second one is
/// recorded until then.
/// </summary>
public sealed class RunWindow(VirtualTime until, int recordsMax = 20_000, int perActorMax = 64, int landmarksMax = 4_000) : ITraceSink
{
    private readonly Queue<(long Place, TraceRecord Record)> _latest = [];
    private readonly Queue<(long Place, TraceRecord Record)> _landmarks = [];
    private readonly SortedDictionary<string, Queue<(long Place, TraceRecord Record)>> _ofActors = new(StringComparer.Ordinal);
    private long _seen;

    /// <summary>All that is kept, in order.</summary>
    public IReadOnlyList<TraceRecord> Records
    {
        get
        {
            var kept = new SortedDictionary<long, TraceRecord>();
            foreach (var (place, record) in _latest.Concat(_landmarks).Concat(_ofActors.Values.SelectMany(q => q)))
            {
                kept[place] = record;
            }

            return [.. kept.Values];
        }
    }

    public void Record(in TraceRecord record)
    {
        if (record.Time > until)
        {
            return;
        }

        var entry = (_seen++, record);
        Put(_latest, entry, recordsMax);
        if (DecisiveEvents.IsLandmark(in record))
        {
            Put(_landmarks, entry, landmarksMax);
        }

        Put(Of(record.Actor), entry, perActorMax);
        if (record.Sender != record.Actor)
        {
            Put(Of(record.Sender), entry, perActorMax);
        }
    }

    private Queue<(long Place, TraceRecord Record)> Of(string actor)
    {
        if (!_ofActors.TryGetValue(actor, out var own))
        {
            own = [];
            _ofActors.Add(actor, own);
        }

        return own;
    }

    private static void Put(Queue<(long Place, TraceRecord Record)> queue, (long Place, TraceRecord Record) entry, int max)
    {
        queue.Enqueue(entry);
        if (queue.Count > max)
        {
            queue.Dequeue();
        }
    }
}
