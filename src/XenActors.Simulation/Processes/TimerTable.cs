namespace XenActors.Simulation;

/// <summary>A started timer; good for one cancellation attempt.</summary>
[Codec]
public readonly partial record struct TimerId(int Slot, long Serial);

/// <summary>
/// A process's timers. A timer belongs to the incarnation of the actor that started it. A cancelled timer's event stays in the queue and is skipped when its time comes; its slot is free only
/// then, so an event always finds its own slot.
/// </summary>
internal sealed class TimerTable
{
    private readonly List<long> _serials = [];
    private readonly List<bool> _cancelled = [];
    private readonly List<int> _incarnations = [];
    private readonly List<int> _free = [];
    private long _nextSerial = 1;
    private long _firedSerial;

    public int Count => _serials.Count;

    /// <param name="incarnation">How often the actor has been restarted.</param>
    public TimerId Start(int incarnation)
    {
        int slot;
        if (_free.Count > 0)
        {
            slot = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else
        {
            slot = _serials.Count;
            _serials.Add(0);
            _cancelled.Add(false);
            _incarnations.Add(0);
        }

        _incarnations[slot] = incarnation;
        _serials[slot] = _nextSerial;
        _cancelled[slot] = false;
        return new(slot, _nextSerial++);
    }

    /// <summary>False when it has fired or was cancelled before.</summary>
    public bool Cancel(TimerId timer)
    {
        if (timer.Slot < 0 || timer.Slot >= _serials.Count || _serials[timer.Slot] != timer.Serial || timer.Serial == 0 || _cancelled[timer.Slot])
        {
            return false;
        }

        _cancelled[timer.Slot] = true;
        return true;
    }

    /// <summary>The timer's time has come: frees its slot and says whether it still counts.</summary>
    public bool Fire(int slot, out int incarnation)
    {
        incarnation = _incarnations[slot];
        _firedSerial = _serials[slot];
        _serials[slot] = 0;
        _free.Add(slot);
        return !_cancelled[slot];
    }

    /// <summary>The timer that has just fired is to wait on: it has not fired.</summary>
    public void TakeBack(int slot)
    {
        _free.RemoveAt(_free.Count - 1);
        _serials[slot] = _firedSerial;
    }

    public bool IsPending(int slot) => slot >= 0 && slot < _serials.Count && _serials[slot] != 0;

    public void Encode(CodecBuffer buffer)
    {
        buffer.WriteSigned(_nextSerial);
        buffer.WriteUnsigned((ulong)_serials.Count);
        for (var i = 0; i < _serials.Count; i++)
        {
            buffer.WriteSigned(_serials[i]);
            buffer.WriteUnsigned(_cancelled[i] ? 1u : 0u);
            buffer.WriteUnsigned((ulong)_incarnations[i]);
        }

        buffer.WriteUnsigned((ulong)_free.Count);
        foreach (var slot in _free)
        {
            buffer.WriteUnsigned((ulong)slot);
        }
    }

    public void Decode(ref CodecReader reader)
    {
        _serials.Clear();
        _cancelled.Clear();
        _incarnations.Clear();
        _free.Clear();
        _nextSerial = reader.Signed();
        for (var n = reader.Count(); n > 0; n--)
        {
            _serials.Add(reader.Signed());
            _cancelled.Add(reader.Flag());
            _incarnations.Add((int)reader.Unsigned(int.MaxValue));
        }

        for (var n = reader.Count(); n > 0; n--)
        {
            var slot = (int)reader.Unsigned(int.MaxValue);
            if (slot >= _serials.Count || _serials[slot] != 0)
            {
                reader.Refuse($"timer slot {slot} is not free");
            }

            _free.Add(slot);
        }

        if (_free.Distinct().Count() != _free.Count)
        {
            reader.Refuse("a timer slot is free twice");
        }
    }
}
