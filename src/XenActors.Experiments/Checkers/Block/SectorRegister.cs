namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// One sector of a disk as an atomic register: says whether the answers of overlapping reads and writes have an order in which each took place at
/// one moment between its beginning and its end. Values are any numbers that tell contents apart. Exact: it keeps every order that is still possible,
/// and decides only what an answer forces ("just-in-time linearization", Lowe, <i>Testing for linearizability</i>, 2017).
/// </summary>
/// <remarks>
/// A write without an answer may take place or not; so may one that failed, and it may do so late. What a sector holds before its first write is
/// unknown until somebody reads it. A discard leaves contents that nobody may rely on until a write that overlaps nothing.
/// </remarks>
public sealed class SectorRegister
{
    /// <summary>Overlapping operations of one sector beyond which it is given up until it is quiet: the orders would be too many.</summary>
    public const int OpenMax = 8;

    private const ulong Unknown = ulong.MaxValue;

    private readonly List<Open> _open = [];
    private List<Order> _orders = [new(Unknown)];
    private int _next;
    private bool _undefined;
    private int _healer = -1;

    /// <summary>Nothing is known of the sector: too much overlapped, or it was discarded.</summary>
    public bool Undefined => _undefined;

    public bool Quiet => _open.Count == 0;

    public int BeginWrite(ulong value)
    {
        var id = _next++;
        if (_undefined && _healer < 0 && _open.TrueForAll(o => o.Failed))
        {
            _healer = id;
        }

        Add(new Open(id, Write: true, Known(value)));
        return id;
    }

    public int BeginRead()
    {
        var id = _next++;
        Add(new Open(id, Write: false, 0));
        if (!_undefined)
        {
            foreach (var order in _orders)
            {
                order.See(id, order.Value);
            }
        }

        return id;
    }

    /// <summary>False when no order is left; the sector then begins anew with what was written.</summary>
    public bool EndWrite(int id, bool ok)
    {
        var at = Find(id);
        if (at < 0)
        {
            return true;
        }

        if (!ok)
        {
            // It may still come, or may have been there already: no order is excluded.
            _open[at] = _open[at] with { Failed = true };
            _healer = _healer == id ? -1 : _healer;
            return true;
        }

        var value = _open[at].Value;
        if (_undefined)
        {
            _open.RemoveAt(at);
            if (_healer == id)
            {
                Settle(value);
            }

            return true;
        }

        var left = new List<Order>();
        foreach (var order in _orders)
        {
            if (order.Has(id))
            {
                Keep(left, order);
            }
            else
            {
                Extend(order, last => last == id, left);
            }
        }

        _open.RemoveAt(at);
        return Go(left, id, value);
    }

    /// <summary>False when no order has the sector hold this value while the read was under way.</summary>
    public bool EndRead(int id, ulong value, bool ok)
    {
        var at = Find(id);
        if (at < 0)
        {
            return true;
        }

        value = Known(value);
        if (_undefined || !ok)
        {
            _open.RemoveAt(at);
            if (!_undefined)
            {
                Go(_orders, id, 0);
            }

            return true;
        }

        var left = new List<Order>();
        foreach (var order in _orders)
        {
            if (order.Saw(id, value))
            {
                Keep(left, order);
                continue;
            }

            if (order.Saw(id, Unknown))
            {
                var resolved = order.Copy();
                resolved.Resolve(value);
                Keep(left, resolved);
            }

            Extend(order, last => ValueOf(last) == value, left);
        }

        _open.RemoveAt(at);
        return Go(left, id, value);
    }

    /// <summary>The contents are nobody's any more.</summary>
    public void Discard()
    {
        _undefined = true;
        _healer = -1;
    }

    // All ways in which open writes take place one after the other, up to one that the answer asks for.
    private void Extend(Order from, Predicate<int> isLast, List<Order> into)
    {
        foreach (var open in _open)
        {
            if (!open.Write || from.Has(open.Id))
            {
                continue;
            }

            var next = from.Copy();
            next.Take(open.Id, open.Value, _open);
            if (isLast(open.Id))
            {
                Keep(into, next);
            }
            else
            {
                Extend(next, isLast, into);
            }
        }
    }

    private bool Go(List<Order> left, int ended, ulong value)
    {
        if (left.Count == 0)
        {
            _open.RemoveAll(o => o.Failed);
            Settle(value);
            return false;
        }

        _orders = [];
        foreach (var order in left)
        {
            order.Forget(ended);
            Keep(_orders, order);
        }

        return true;
    }

    // One value, and nothing that is open has taken place.
    private void Settle(ulong value)
    {
        (_undefined, _healer) = (false, -1);
        var order = new Order(value);
        foreach (var open in _open)
        {
            if (!open.Write)
            {
                order.See(open.Id, value);
            }
        }

        _orders = [order];
    }

    private void Add(Open open)
    {
        _open.Add(open);
        if (_open.Count > OpenMax)
        {
            Discard();
            _open.RemoveAll(o => o.Failed);
        }
    }

    private int Find(int id) => _open.FindIndex(o => o.Id == id && !o.Failed);

    private ulong ValueOf(int id) => _open.Find(o => o.Id == id).Value;

    private static void Keep(List<Order> orders, Order order)
    {
        foreach (var other in orders)
        {
            if (other.Same(order))
            {
                return;
            }
        }

        orders.Add(order);
    }

    private static ulong Known(ulong value) => value == Unknown ? Unknown - 1 : value;

    private readonly record struct Open(int Id, bool Write, ulong Value, bool Failed = false);

    /// <summary>A possible past: what the sector holds now, which open writes have taken place, and what each open read may have seen.</summary>
    private sealed class Order(ulong value)
    {
        private readonly List<int> _taken = [];
        private readonly List<(int Read, ulong Value)> _seen = [];

        public ulong Value { get; private set; } = value;

        public bool Has(int write) => _taken.Contains(write);

        public bool Saw(int read, ulong value) => _seen.Contains((read, value));

        public void See(int read, ulong value)
        {
            if (!Saw(read, value))
            {
                _seen.Add((read, value));
            }
        }

        public void Take(int write, ulong value, List<Open> open)
        {
            _taken.Add(write);
            Value = value;
            foreach (var one in open)
            {
                if (!one.Write)
                {
                    See(one.Id, value);
                }
            }
        }

        // What was there before the first write has been read.
        public void Resolve(ulong value)
        {
            Value = Value == Unknown ? value : Value;
            for (var i = 0; i < _seen.Count; i++)
            {
                _seen[i] = _seen[i].Value == Unknown ? (_seen[i].Read, value) : _seen[i];
            }
        }

        public void Forget(int operation)
        {
            _taken.Remove(operation);
            _seen.RemoveAll(s => s.Read == operation);
        }

        public bool Same(Order other) =>
            Value == other.Value && _taken.Count == other._taken.Count && _seen.Count == other._seen.Count
            && _taken.TrueForAll(other._taken.Contains) && _seen.TrueForAll(other._seen.Contains);

        public Order Copy()
        {
            var copy = new Order(Value);
            copy._taken.AddRange(_taken);
            copy._seen.AddRange(_seen);
            return copy;
        }
    }
}
