using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

internal sealed partial class Partition
{
    private readonly Outbox[] _outboxes;
    private readonly int[]? _owners;
    private readonly long _defaultLatency;

    public bool AnyLinks { get; set; }

    public bool AnyLinkRules { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send<T>(ActorRef to, in T message, long delay)
        where T : ICodec<T>
    {
        if (delay < 0)
        {
            ThrowNegativeDelay();
        }

        Event e;
        Unsafe.SkipInit(out e);
        ref var process = ref _processes[_process];
        e.Time = _departure + delay;
        e.Key = ((ulong)(uint)_process << Event.CounterBits) | process.Sends++;
        e.Process = to.Process;
        e.Local = to.Local;
        e.Sender = _local;
        e.Type = (ushort)Message<T>.Id;
        e.Flags = 0;
        if (to.Process != _process)
        {
            if (to.Process <= 0 || to.Process >= _processes.Length)
            {
                if (to.IsNone)
                {
                    // Nobody is at hand everywhere: a dead letter in the sender's own process, whatever its links.
                    e.Process = _process;
                    e.Payload = Bodies.Put(in message);
                    Route(in e);
                    return;
                }

                if (to.Process != Simulator.Outside)
                {
                    ThrowNoLink(to.Process);
                }
            }

            if (AnyLinks)
            {
                SendOverLink(ref e, in message);
                return;
            }

            e.Time += _defaultLatency;
            if (_defaultLatency <= 0)
            {
                ThrowNoLink(to.Process);
            }

            if (_owners is not null && _owners[to.Process] != Index)
            {
                var outbox = _outboxes[_owners[to.Process]];
                e.Payload = outbox.Bodies.Put(in message);
                outbox.Add(in e);
                return;
            }
        }

        e.Payload = Bodies.Put(in message);
        Route(in e);
    }

    /// <summary>A message to oneself that can be cancelled.</summary>
    public TimerId StartTimer<T>(in T message, VirtualDuration delay)
        where T : ICodec<T>
    {
        if (delay.Nanoseconds < 0)
        {
            ThrowNegativeDelay();
        }

        ref var process = ref _processes[_process];
        var timer = process.Details.Timers.Start(_current!.Cell.Restarts);
        Event e;
        e.Time = _departure + delay.Nanoseconds;
        e.Key = ((ulong)(uint)_process << Event.CounterBits) | process.Sends++;
        e.Process = _process;
        e.Local = _local;
        e.Sender = timer.Slot;
        e.Type = (ushort)Message<T>.Id;
        e.Flags = Event.Timer;
        e.Payload = Bodies.Put(in message);
        Route(in e);
        return timer;
    }

    public bool CancelTimer(TimerId timer) => _processes[_process].Details.Timers.Cancel(timer);

    public bool HasIdleVcpu
    {
        get
        {
            foreach (var freeAt in _processes[_process].Details.VcpuFreeAt)
            {
                if (freeAt <= Now.Nanoseconds)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Occupies the vCPU that is free first; what this handler sends from now on leaves when the work is done.</summary>
    public void Work(VirtualDuration duration)
    {
        if (duration < VirtualDuration.Zero)
        {
            throw new SimulationException($"work cannot take {duration}");
        }

        var freeAt = _processes[_process].Details.VcpuFreeAt;
        var vcpu = 0;
        for (var i = 1; i < freeAt.Length; i++)
        {
            if (freeAt[i] < freeAt[vcpu])
            {
                vcpu = i;
            }
        }

        _processes[_process].Details.WorkDone += duration.Nanoseconds;
        var end = Math.Max(_departure, freeAt[vcpu]) + duration.Nanoseconds;
        freeAt[vcpu] = end;
        _current!.BusyUntil = end;
        _departure = end;
    }

    /// <summary>Takes in what another partition has sent here in the window that has just ended.</summary>
    public void TakeIn(Partition other)
    {
        var outbox = other._outboxes[Index];
        foreach (ref readonly var e in outbox.Events)
        {
            var own = e;
            own.Payload = MessageType.ById(e.Type).Import(Bodies, outbox.Bodies, e.Payload);
            _store.Add(in own);
        }
    }

    /// <summary>From outside, between runs: the message arrives now.</summary>
    public void Inject<T>(ActorRef to, in T message, long time)
        where T : ICodec<T>
    {
        Event e;
        e.Time = time;
        e.Key = _processes[Simulator.Outside].Sends++;
        e.Process = to.Process;
        e.Local = to.Local;
        e.Sender = -1;
        e.Type = (ushort)Message<T>.Id;
        e.Flags = 0;
        e.Payload = Bodies.Put(in message);
        _store.Add(in e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Route(in Event e)
    {
        if (e.Time < _windowEnd && e.Process == _process)
        {
            _own.Push(in e);
        }
        else
        {
            _store.Add(in e);
        }
    }

    private void SendOverLink<T>(ref Event e, in T message)
        where T : ICodec<T>
    {
        var link = FindLink(_processes[_process].Details.Links, e.Process);
        e.Time += link?.Latency ?? _defaultLatency;
        if (link is null && _defaultLatency <= 0)
        {
            ThrowNoLink(e.Process);
        }

        var remote = _owners is not null && _owners[e.Process] != Index;
        var bodies = remote ? _outboxes[_owners![e.Process]].Bodies : Bodies;
        e.Payload = bodies.Put(in message);
        if (AnyLinkRules && link?.Rules is { } rules)
        {
            var verdict = Ask(
                rules, new Delivery(new(e.Time), new(_process, _local), new(e.Process, e.Local), Message<T>.Type, this, bodies, ref e.Payload), out var rule);
            switch (verdict.Kind)
            {
                case VerdictKind.Drop:
                    Message<T>.Type.Release(bodies, e.Payload);
                    return;
                case VerdictKind.Delay:
                    e.Time += verdict.By.Nanoseconds;
                    break;
                case VerdictKind.Duplicate:
                    var twin = e;
                    twin.Time += verdict.By.Nanoseconds;
                    twin.Key = ((ulong)(uint)_process << Event.CounterBits) | _processes[_process].Sends++;
                    twin.Payload = Message<T>.Type.Copy(bodies, e.Payload);
                    Deliver(in twin, remote);
                    break;
                case VerdictKind.Hold:
                    if (remote)
                    {
                        // The outgoing pool is the next window's; what is held stays longer.
                        var payload = Message<T>.Type.Import(Bodies, bodies, e.Payload);
                        Message<T>.Type.Release(bodies, e.Payload);
                        e.Payload = payload;
                    }

                    Keep(rule!, in e);
                    return;
            }
        }

        Deliver(in e, remote);
    }

    private void Deliver(in Event e, bool remote)
    {
        if (remote)
        {
            _outboxes[_owners![e.Process]].Add(in e);
        }
        else
        {
            _store.Add(in e);
        }
    }

    internal static Link? FindLink(Link[] links, int destination)
    {
        int low = 0, high = links.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var at = links[middle].Destination;
            if (at == destination)
            {
                return links[middle];
            }

            if (at < destination)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    private void ThrowNoLink(int to) => throw new SimulationException(
        $"no link from {_processes[_process].Details.Name} to {(to >= 0 && to < _processes.Length ? _processes[to].Details.Name : to.ToString(System.Globalization.CultureInfo.InvariantCulture))}");

    private static void ThrowNegativeDelay() => throw new SimulationException("a message cannot arrive before it is sent");
}
