using System.Text;
using XenActors.Experiments;

namespace XenActors.Live.Native;

/// <summary>A path as <c>struct sockaddr_un</c> and as a C string.</summary>
internal sealed class UnixAddress
{
    /// <summary>sun_path's 108 bytes, less the NUL.</summary>
    public const int PathMax = 107;

    private const int PathOffset = 2;

    public UnixAddress(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length is 0 or > PathMax || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserErrorException($"{path}: expected a socket path of 1 to {PathMax} bytes but found {length}");
        }

        Path = path;
        Bytes = new byte[PathOffset + length + 1];
        Bytes[0] = Libc.AfUnix; // sa_family_t, little endian as the wire
        Encoding.UTF8.GetBytes(path, Bytes.AsSpan(PathOffset));
    }

    public string Path { get; }

    /// <summary>The address as bind and connect take it.</summary>
    public byte[] Bytes { get; }

    /// <summary>The path with its NUL.</summary>
    public ReadOnlySpan<byte> CString => Bytes.AsSpan(PathOffset);
}
