using System.Runtime.InteropServices;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Cluster;

/// <summary>The processes that one <c>mpirun</c> has started. Made once a process; used by one thread at a time.</summary>
public sealed unsafe class MpiNodes : INodes, IDisposable
{
    /// <summary>Of all our messages.</summary>
    private const int Tag = 0x5841;

    // Host names are cut off here: DNS allows 253.
    private const int NameBytes = 256;

    private readonly OpenMpi _mpi;
    private readonly string[] _names;
    private readonly long[] _lengthsOut;
    private readonly long[] _lengthsIn;
    private readonly nint[] _requests;
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
        (_lengthsOut, _lengthsIn, _requests) = (new long[count], new long[count], new nint[2 * count]);
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
        long least;
        Check(_mpi.AllReduce(&value, &least, 1, _mpi.Int64, _mpi.Min, _mpi.World), "MPI_Allreduce");
        return least;
    }

    public void Exchange(CodecBuffer[] outgoing, CodecBuffer[] incoming)
    {
        for (var node = 0; node < Count; node++)
        {
            _lengthsOut[node] = outgoing[node].Length;
        }

        fixed (long* lengthsOut = _lengthsOut, lengthsIn = _lengthsIn)
        {
            Check(_mpi.AllToAll(lengthsOut, 1, _mpi.Int64, lengthsIn, 1, _mpi.Int64, _mpi.World), "MPI_Alltoall");
        }

        // Who has nothing for somebody sends nothing: most windows of most pairs are empty.
        Stage(_lengthsOut.Sum() + _lengthsIn.Sum());
        var requests = 0;
        var at = _staged;
        fixed (nint* request = _requests)
        {
            for (var node = 0; node < Count; node++)
            {
                if (_lengthsIn[node] > 0)
                {
                    Check(_mpi.Receive(at, (int)_lengthsIn[node], _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Irecv");
                    at += _lengthsIn[node];
                }
            }

            for (var node = 0; node < Count; node++)
            {
                if (_lengthsOut[node] > 0)
                {
                    outgoing[node].Written.CopyTo(new Span<byte>(at, outgoing[node].Length));
                    Check(_mpi.Send(at, outgoing[node].Length, _mpi.Byte, node, Tag, _mpi.World, &request[requests++]), "MPI_Isend");
                    at += outgoing[node].Length;
                }
            }

            if (requests > 0)
            {
                Check(_mpi.WaitAll(requests, request, null), "MPI_Waitall");
            }
        }

        at = _staged;
        for (var node = 0; node < Count; node++)
        {
            var length = (int)_lengthsIn[node];
            new ReadOnlySpan<byte>(at, length).CopyTo(incoming[node].Extend(length));
            at += length;
        }
    }

    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        var lengths = _lengthsIn;
        long length = own.Length;
        fixed (long* to = lengths)
        {
            Check(_mpi.AllGather(&length, 1, _mpi.Int64, to, 1, _mpi.Int64, _mpi.World), "MPI_Allgather");
        }

        var total = lengths.Sum();
        if (total > int.MaxValue)
        {
            throw new ClusterException($"{total} bytes from {Count} nodes: more than one exchange can carry");
        }

        var counts = new int[Count];
        var places = new int[Count];
        for (var node = 0; node < Count; node++)
        {
            counts[node] = (int)lengths[node];
            places[node] = node == 0 ? 0 : places[node - 1] + counts[node - 1];
        }

        Stage(total);
        fixed (byte* from = own)
        fixed (int* count = counts, place = places)
        {
            Check(_mpi.AllGatherVarying(from, own.Length, _mpi.Byte, _staged, count, place, _mpi.Byte, _mpi.World), "MPI_Allgatherv");
        }

        var all = new byte[Count][];
        for (var node = 0; node < Count; node++)
        {
            all[node] = new ReadOnlySpan<byte>(_staged + places[node], counts[node]).ToArray();
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
