namespace XenActors.Simulation;

/// <summary>What one partition has sent to another in a window: events, and their bodies in pools of their own.</summary>
internal sealed class Outbox
{
    private Event[] _events = new Event[64];
    private int _count;

    public MessagePools Bodies { get; } = new();

    public ReadOnlySpan<Event> Events => _events.AsSpan(0, _count);

    public void Add(in Event e)
    {
        if (_count == _events.Length)
        {
            Array.Resize(ref _events, _count * 2);
        }

        _events[_count++] = e;
    }

    public void Clear()
    {
        if (_count > 0)
        {
            _count = 0;
            Bodies.Clear();
        }
    }
}
