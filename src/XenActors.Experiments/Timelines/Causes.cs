using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>Which record's handling sent which record's message.</summary>
internal sealed class Causes
{
    private readonly IReadOnlyList<TraceRecord> _records;
    private readonly List<int> _bySent = [];

    public Causes(IReadOnlyList<TraceRecord> records)
    {
        _records = records;
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i].SentCount > 0)
            {
                _bySent.Add(i);
            }
        }

        _bySent.Sort((a, b) => records[a].SentFirst.CompareTo(records[b].SentFirst));
    }

    /// <summary>The place of the record that caused this one; -1 when it came from outside, or is not among them.</summary>
    public int Of(int record)
    {
        var number = _records[record].Number;
        var (low, high) = (0, _bySent.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var handled = _records[_bySent[middle]];
            if (_records[record].IsSentBy(in handled))
            {
                return _bySent[middle];
            }

            if (handled.SentFirst < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }
}
