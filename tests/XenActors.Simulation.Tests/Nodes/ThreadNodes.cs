using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Nodes;

/// <summary>Nodes without a cluster: each is a thread of this process, and what they exchange is copied between buffers.</summary>
internal sealed class ThreadNodes(Barrier barrier, ThreadNodes.Table table, int self) : INodes
{
    public int Self => self;

    public int Count => table.Gathered.Length;

    /// <summary>Bytes that have gone from this node to others.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes that this node has given to gatherings.</summary>
    public long Gathered { get; private set; }

    /// <summary>Damages what is sent, if told to.</summary>
    public Action<CodecBuffer[]>? OnSend { get; set; }

    /// <summary>Runs each node's part on a thread of its own, and returns what they made.</summary>
    public static T[] Run<T>(int count, Func<ThreadNodes, T> part)
    {
        using var barrier = new Barrier(count);
        var table = new Table(count);
        var made = new T[count];
        var failures = new Exception?[count];
        var threads = Enumerable.Range(0, count).Select(n => new Thread(() =>
        {
            try
            {
                made[n] = part(new ThreadNodes(barrier, table, n));
            }
            catch (Exception cause)
            {
                failures[n] = cause;
                barrier.RemoveParticipant();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return failures.All(f => f is null) ? made : throw new AggregateException(failures.Where(f => f is not null)!);
    }

    public string NameOf(int node) => $"node {node}";

    public long Minimum(long value)
    {
        table.Values[self] = value;
        barrier.SignalAndWait();
        var least = table.Values.Min();
        barrier.SignalAndWait();
        return least;
    }

    public long Exchange(CodecBuffer[] outgoing, CodecBuffer[] incoming, long value)
    {
        table.Values[self] = value;
        OnSend?.Invoke(outgoing);
        table.Outgoing[self] = outgoing;
        barrier.SignalAndWait();
        for (var node = 0; node < Count; node++)
        {
            var bytes = table.Outgoing[node][self].Written;
            bytes.CopyTo(incoming[node].Extend(bytes.Length));
        }

        Sent += outgoing.Sum(o => o.Length);
        var least = table.Values.Min();
        barrier.SignalAndWait();
        return least;
    }

    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        Gathered += own.Length;
        table.Gathered[self] = own.ToArray();
        barrier.SignalAndWait();
        byte[][] all = [.. table.Gathered];
        barrier.SignalAndWait();
        return all;
    }

    /// <summary>What the nodes of one run share.</summary>
    public sealed class Table(int count)
    {
        public long[] Values { get; } = new long[count];

        public CodecBuffer[][] Outgoing { get; } = new CodecBuffer[count][];

        public byte[][] Gathered { get; } = new byte[count][];
    }
}
