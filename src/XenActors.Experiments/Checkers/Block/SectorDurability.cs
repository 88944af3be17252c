namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// What one sector of the medium may hold if the power goes now: the last write that a flush covers, or any later one, whether answered or not, for what
/// a volatile cache has it may write at any time and in any order. Moments are numbers of events, one after the other.
/// </summary>
/// <param name="before">What the medium held before the first of these writes.</param>
public sealed class SectorDurability(ulong? before)
{
    private const long Open = long.MaxValue;

    private readonly List<Written> _writes = [];

    // What was there before the first write may still be there.
    private bool _baseAllowed = true;
    private bool _anything;

    /// <summary>Only one value is possible, and nothing is under way.</summary>
    public bool Settled => !_anything && (_baseAllowed ? _writes.Count == 0 : _writes.Count == 1 && _writes[0].Answered != Open);

    /// <param name="operation">Tells the write from others.</param>
    /// <param name="value">What tells its contents from others.</param>
    /// <param name="now">When it began.</param>
    public void Begin(long operation, ulong value, long now) => _writes.Add(new(operation, value, now, Open, Open));

    /// <param name="durable">The answer says that it is on the medium (FUA).</param>
    /// <param name="ok">A write that failed may be there or not.</param>
    public void End(long operation, bool ok, bool durable, long now)
    {
        for (var i = 0; ok && i < _writes.Count; i++)
        {
            if (_writes[i].Operation == operation && _writes[i].Answered == Open)
            {
                _writes[i] = _writes[i] with { Answered = now, Durable = durable ? now : Open };
            }
        }

        if (durable)
        {
            Prune();
        }
    }

    /// <summary>The contents are nobody's any more: anything may be found until all is overwritten and flushed.</summary>
    public void Discard() => _anything = true;

    /// <summary>A flush that began at this moment was answered: all that had been answered before it is durable.</summary>
    public void Flushed(long began)
    {
        for (var i = 0; i < _writes.Count; i++)
        {
            if (_writes[i].Answered < began)
            {
                _writes[i] = _writes[i] with { Durable = Math.Min(_writes[i].Durable, began) };
            }
        }

        Prune();
    }

    /// <summary>Whether the medium may hold this now; null is what was there before anybody wrote.</summary>
    public bool Allows(ulong? value)
    {
        if (_anything || (value == before && _baseAllowed))
        {
            return true;
        }

        foreach (var write in _writes)
        {
            if (write.Value == value)
            {
                return true;
            }
        }

        return false;
    }

    // A durable write ends whatever had been answered before it began, and what was there before all.
    private void Prune()
    {
        var last = long.MinValue;
        foreach (var write in _writes)
        {
            if (write.Durable != Open)
            {
                last = Math.Max(last, write.Began);
            }
        }

        if (last == long.MinValue)
        {
            return;
        }

        _baseAllowed = false;
        _writes.RemoveAll(w => w.Answered < last);
        if (_writes.TrueForAll(w => w.Durable != Open))
        {
            _anything = false;
        }
    }

    private readonly record struct Written(long Operation, ulong Value, long Began, long Answered, long Durable);
}
