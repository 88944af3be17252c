using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

internal abstract class MessagePool
{
    public abstract void Clear();
}

/// <summary>The bodies of one message type in one partition, addressed by index; events themselves hold no references.</summary>
internal sealed class MessagePool<T> : MessagePool
{
    private T[] _items = new T[16];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _used;

    public int Put(in T body)
    {
        int index;
        if (_freeCount > 0)
        {
            index = _free[--_freeCount];
        }
        else
        {
            if (_used == _items.Length)
            {
                Array.Resize(ref _items, _items.Length * 2);
            }

            index = _used++;
        }

        _items[index] = body;
        return index;
    }

    public ref T Peek(int index) => ref _items[index];

    public void Set(int index, in T body) => _items[index] = body;

    public T Take(int index)
    {
        var body = _items[index];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _items[index] = default!;
        }

        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, _free.Length * 2);
        }

        _free[_freeCount++] = index;
        return body;
    }

    public override void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, 0, _used);
        }

        _used = 0;
        _freeCount = 0;
    }
}

/// <summary>A partition's pools, by message type.</summary>
internal sealed class MessagePools
{
    private MessagePool?[] _pools = new MessagePool?[64];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Put<T>(in T body)
        where T : ICodec<T>
    {
        if (Message<T>.Inline)
        {
            var payload = 0UL;
            Unsafe.As<ulong, T>(ref payload) = body;
            return payload;
        }

        return (ulong)Pool<T>().Put(in body);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Take<T>(ulong payload)
        where T : ICodec<T> =>
        Message<T>.Inline ? Unsafe.As<ulong, T>(ref payload) : Pool<T>().Take((int)payload);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Peek<T>(ulong payload)
        where T : ICodec<T> =>
        Message<T>.Inline ? Unsafe.As<ulong, T>(ref payload) : Pool<T>().Peek((int)payload);

    /// <summary>Another body in the old one's place.</summary>
    public void Replace<T>(ref ulong payload, in T body)
        where T : ICodec<T>
    {
        if (Message<T>.Inline)
        {
            payload = Put(in body);
        }
        else
        {
            Pool<T>().Set((int)payload, in body);
        }
    }

    public void Clear()
    {
        foreach (var pool in _pools)
        {
            pool?.Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MessagePool<T> Pool<T>()
        where T : ICodec<T>
    {
        var id = Message<T>.Id;
        var pools = _pools;
        return id < pools.Length && pools[id] is { } pool ? Unsafe.As<MessagePool<T>>(pool) : NewPool<T>(id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MessagePool<T> NewPool<T>(int id)
        where T : ICodec<T>
    {
        if (id >= _pools.Length)
        {
            Array.Resize(ref _pools, Math.Max(id + 1, _pools.Length * 2));
        }

        var pool = new MessagePool<T>();
        _pools[id] = pool;
        return pool;
    }
}
