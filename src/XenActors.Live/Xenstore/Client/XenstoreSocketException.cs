using System.Runtime.InteropServices;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Client;

/// <summary>A daemon cannot be reached, or a connection to it is lost.</summary>
/// <param name="error">The C library's errno; 0 when the other end says what no daemon says.</param>
/// <param name="message">What happened, without the socket's path.</param>
public sealed class XenstoreSocketException(int error, string message) : IOException(message)
{
    public int Error { get; } = error;

    internal static XenstoreSocketException Of(int error) => new(error, Marshal.GetPInvokeErrorMessage(error));

    internal static XenstoreSocketException Closed() => new(Libc.ECONNRESET, "the daemon closed the connection");
}
