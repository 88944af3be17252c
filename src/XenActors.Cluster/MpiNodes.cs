using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Cluster;

/// <summary>The processes that one <c>mpirun</c> has started. Made once a process; used by one thread at a time.</summary>
public sealed unsafe partial class MpiNodes : INodes, IDisposable
{
    /// <summary>Of all our messages.</summary>
    private const int Tag = 0x5841;

    // The first message of a window, to each node: how long all is, the value, and the beginning of the bytes. Below the size from which Open MPI asks the
    // receiver first (4 KiB on shared memory).
    private const int HeadBytes = 2 * sizeof(long);
    private const int FirstBytes = 3072;

    // A window's other half is done within this, unless its node has more to do or does not run.
    private const double SpinMicroseconds = 60;
    private const int AskedAtOnce = 16;
    private const uint NapMicroseconds = 20;

    // Host names are cut off here: DNS allows 253.
    private const int NameBytes = 256;

    private readonly OpenMpi _mpi;
    private readonly string[] _names;
    private readonly long[] _lengthsIn;
    private readonly nint[] _requests;

    // For minima and gatherings, which are exchanges, too.
    private readonly CodecBuffer[] _out;
    private readonly CodecBuffer[] _in;
    private byte* _staged;
    private long _stagedBytes;
    private bool _ended;

    private MpiNodes(OpenMpi mpi)
    {
        _mpi = mpi;
        int self, count;
        Check(_mpi.Rank(_mpi.World, &self), "MPI_Comm_rank");
        Check(_mpi.Size(_mpi.World, &count), "MPI_Comm_size");
        (Self, Count) = (self, count);
        (_lengthsIn, _requests) = (new long[count], new nint[2 * count]);
        _out = [.. Enumerable.Range(0, count).Select(_ => new CodecBuffer())];
        _in = [.. Enumerable.Range(0, count).Select(_ => new CodecBuffer())];
        _names = [.. Enumerable.Range(0, count).Select(n => $"node {n}")];
        _names = Names();
    }

    public int Self { get; }

    public int Count { get; }

    /// <summary>Whether <c>mpirun</c> has started this process.</summary>
    public static bool Started => Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is { Length: > 0 };

    /// <summary>Enters the run; returns when all its processes have.</summary>
    /// <exception cref="ClusterException">Open MPI is not here, or refuses.</exception>
    public static MpiNodes Join()
    {
        var mpi = OpenMpi.Load();
        int initialized;
        Require(mpi.Initialized(&initialized) == 0 && initialized == 0, "this process has joined already");
        int provided;
        Require(mpi.InitThread(null, null, OpenMpi.ThreadSerialized, &provided) == 0, "MPI_Init_thread fails");
        Require(provided >= OpenMpi.ThreadSerialized, "it is built without support for threads");
        Require(mpi.SetErrorHandler(mpi.World, mpi.ErrorsReturn) == 0, "MPI_Comm_set_errhandler fails");
        return new MpiNodes(mpi);
    }

    public string NameOf(int node) => _names[node];

    public long Minimum(long value)
    {
        ClearAll();
        return Exchange(_out, _in, value);
    }

    public long Exchange(CodecBuffer[] outgoing, CodecBuffer[] incoming, long value)
    {
        // One message for each pair, with the beginning of the bytes: most windows' bytes are few, and most pairs have none.
        Stage(2L * Count * FirstBytes);
        var requests = 0;
        fixed (nint* request = _requests)
        {
            for (var node = 0; node < Count; node++)
            {
                if (node != Self)
                {
                    Check(_mpi.Receive(First(node), FirstBytes, _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Irecv");
                }
            }

            for (var node = 0; node < Count; node++)
            {
                if (node != Self)
                {
                    var first = First(Count + node);
                    ((long*)first)[0] = outgoing[node].Length;
                    ((long*)first)[1] = value;
                    var begin = outgoing[node].Written[..Math.Min(outgoing[node].Length, FirstBytes - HeadBytes)];
                    begin.CopyTo(new Span<byte>(first + HeadBytes, begin.Length));
                    Check(_mpi.Send(first, HeadBytes + begin.Length, _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Isend");
                }
            }

            Await(requests, request);
        }

        var least = value;
        for (var node = 0; node < Count; node++)
        {
            if (node != Self)
            {
                _lengthsIn[node] = ((long*)First(node))[0];
                least = Math.Min(least, ((long*)First(node))[1]);
                var begin = (int)Math.Min(_lengthsIn[node], FirstBytes - HeadBytes);
                new ReadOnlySpan<byte>(First(node) + HeadBytes, begin).CopyTo(incoming[node].Extend(begin));
            }
        }

        ExchangeRest(outgoing, incoming);
        return least;
    }

    // What did not fit into the first messages.
    private void ExchangeRest(CodecBuffer[] outgoing, CodecBuffer[] incoming)
    {
        const int Begin = FirstBytes - HeadBytes;
        long staged = 0;
        for (var node = 0; node < Count; node++)
        {
            staged += node == Self ? 0 : Math.Max(0, _lengthsIn[node] - Begin) + Math.Max(0, outgoing[node].Length - Begin);
        }

        if (staged == 0)
        {
            return;
        }

        for (var node = 0; node < Count; node++)
        {
            if (_lengthsIn[node] > int.MaxValue)
            {
                throw new ClusterException($"{_lengthsIn[node]} bytes from {_names[node]}: more than one exchange can carry");
            }
        }

        Stage(staged);
        var requests = 0;
        var at = _staged;
        fixed (nint* request = _requests)
        {
            for (var node = 0; node < Count; node++)
            {
                if (node != Self && _lengthsIn[node] > Begin)
                {
                    Check(_mpi.Receive(at, (int)_lengthsIn[node] - Begin, _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Irecv");
                    at += _lengthsIn[node] - Begin;
                }
            }

            for (var node = 0; node < Count; node++)
            {
                if (node != Self && outgoing[node].Length > Begin)
                {
                    var rest = outgoing[node].Written[Begin..];
                    rest.CopyTo(new Span<byte>(at, rest.Length));
                    Check(_mpi.Send(at, rest.Length, _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Isend");
                    at += rest.Length;
                }
            }

            Await(requests, request);
        }

        at = _staged;
        for (var node = 0; node < Count; node++)
        {
            if (node != Self && _lengthsIn[node] > Begin)
            {
                var length = (int)_lengthsIn[node] - Begin;
                new ReadOnlySpan<byte>(at, length).CopyTo(incoming[node].Extend(length));
                at += length;
            }
        }
    }

    // Open MPI waits by spinning, which takes the cores from those who are waited for where there are more processes than cores. So it is asked for a while, and then
    // asked in between sleeps.
    private void Await(int requests, nint* request)
    {
        var began = Stopwatch.GetTimestamp();
        for (var asked = 0; ; asked++)
        {
            int done;
            Check(_mpi.TestAll(requests, request, &done, null), "MPI_Testall");
            if (done != 0)
            {
                return;
            }

            if (asked % AskedAtOnce == AskedAtOnce - 1 && Stopwatch.GetElapsedTime(began).TotalMicroseconds > SpinMicroseconds)
            {
                _ = USleep(NapMicroseconds);
            }
        }
    }

    private byte* First(int index) => _staged + ((long)index * FirstBytes);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint microseconds);

    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        ClearAll();
        for (var node = 0; node < Count; node++)
        {
            if (node != Self)
            {
                own.CopyTo(_out[node].Extend(own.Length));
            }
        }

        _ = Exchange(_out, _in, 0);
        var all = new byte[Count][];
        for (var node = 0; node < Count; node++)
        {
            all[node] = node == Self ? own.ToArray() : _in[node].ToArray();
        }

        return all;
    }

    /// <summary>Ends all processes of the run at once: for one that cannot go on alone. Does not return.</summary>
    public void Abort(int code)
    {
        _ended = true;
        _ = _mpi.Abort(_mpi.World, code);
    }

    /// <summary>Leaves the run; waits until the others leave it too.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _ = _mpi.Finalize();
            NativeMemory.Free(_staged);
            _staged = null;
        }
    }

    private void ClearAll()
    {
        for (var node = 0; node < Count; node++)
        {
            _out[node].Clear();
            _in[node].Clear();
        }
    }

    private string[] Names()
    {
        var host = Encoding.UTF8.GetBytes(Environment.MachineName);
        var hosts = Gather(host.AsSpan(0, Math.Min(host.Length, NameBytes)));
        return [.. hosts.Select((h, n) => $"node {n} ({Encoding.UTF8.GetString(h)})")];
    }

    private void Stage(long bytes)
    {
        if (bytes > _stagedBytes)
        {
            _stagedBytes = Math.Max(bytes, Math.Max(64 * 1024, 2 * _stagedBytes));
            _staged = (byte*)NativeMemory.Realloc(_staged, (nuint)_stagedBytes);
        }
    }

    private void Check(int error, string function)
    {
        if (error != 0)
        {
            throw new ClusterException($"{_names[Self]}: {function}: {_mpi.TextOf(error)}");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ClusterException($"Open MPI cannot be used: {otherwise}");
        }
    }
}
