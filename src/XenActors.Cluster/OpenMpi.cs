using System.Runtime.InteropServices;

namespace XenActors.Cluster;

/// <summary>
/// The functions of Open MPI's C library that a run needs (<c>libmpi.so.40</c>: Open MPI 4 and Debian's 5), found by name. Its handles are
/// addresses of exported objects (<c>ompi_mpi_comm_world</c>), as its <c>mpi.h</c> spells the constants. All functions return 0 or an error's number.
/// </summary>
internal sealed unsafe class OpenMpi
{
    public const string Library = "libmpi.so.40";

    /// <summary><c>MPI_THREAD_SERIALIZED</c>: several threads may call, one at a time.</summary>
    public const int ThreadSerialized = 2;

    /// <summary><c>MPI_MAX_ERROR_STRING</c>.</summary>
    private const int ErrorTextMax = 256;

    private static OpenMpi? _loaded;

    private readonly nint _library;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorString;

    public readonly nint World;
    public readonly nint Byte;
    public readonly nint ErrorsReturn;
    public readonly delegate* unmanaged<int*, byte***, int, int*, int> InitThread;
    public readonly delegate* unmanaged<int*, int> Initialized;
    public readonly delegate* unmanaged<int> Finalize;
    public readonly delegate* unmanaged<nint, int, int> Abort;
    public readonly delegate* unmanaged<nint, nint, int> SetErrorHandler;
    public readonly delegate* unmanaged<nint, int*, int> Rank;
    public readonly delegate* unmanaged<nint, int*, int> Size;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Send;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Receive;
    public readonly delegate* unmanaged<int, nint*, int*, void*, int> TestAll;

    private OpenMpi(nint library)
    {
        _library = library;
        World = Find("ompi_mpi_comm_world");
        Byte = Find("ompi_mpi_byte");
        ErrorsReturn = Find("ompi_mpi_errors_return");
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Find("MPI_Init_thread");
        Initialized = (delegate* unmanaged<int*, int>)Find("MPI_Initialized");
        Finalize = (delegate* unmanaged<int>)Find("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Find("MPI_Abort");
        SetErrorHandler = (delegate* unmanaged<nint, nint, int>)Find("MPI_Comm_set_errhandler");
        Rank = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_rank");
        Size = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_size");
        Send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Isend");
        Receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Irecv");
        TestAll = (delegate* unmanaged<int, nint*, int*, void*, int>)Find("MPI_Testall");
        _errorString = (delegate* unmanaged<int, byte*, int*, int>)Find("MPI_Error_string");
    }

    /// <exception cref="ClusterException">It is not here.</exception>
    public static OpenMpi Load()
    {
        if (_loaded is not null)
        {
            return _loaded;
        }

        if (!NativeLibrary.TryLoad(Library, out var library))
        {
            throw new ClusterException($"Open MPI is not installed here: {Library} cannot be loaded (Debian: apt-get install openmpi-bin)");
        }

        return _loaded = new OpenMpi(library);
    }

    public string TextOf(int error)
    {
        var text = stackalloc byte[ErrorTextMax];
        var length = 0;
        return _errorString(error, text, &length) == 0 && length > 0 ? Marshal.PtrToStringUTF8((nint)text, length) : $"error {error}";
    }

    private nint Find(string name) => NativeLibrary.TryGetExport(_library, name, out var address)
        ? address
        : throw new ClusterException($"{Library} is not Open MPI's: it has no {name}");
}
