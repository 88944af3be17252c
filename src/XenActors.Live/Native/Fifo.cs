using System.Text;
using XenActors.Experiments;

namespace XenActors.Live.Native;

/// <summary>Named pipes between processes that do not wait for each other.</summary>
internal static unsafe class Fifo
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>A pipe to read from, made if need be. It is opened for writing too, so that it never ends.</summary>
    public static int OpenToRead(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            if (Libc.mkfifo(name, OwnerOnly) < 0 && Libc.Errno is var error and not Libc.EEXIST) throw Mistake(path, error);
            var fd = Libc.open(name, Libc.OpenBothNow);
            if (fd < 0) throw Mistake(path, Libc.Errno);
            if (FileIdentity.OfOpen(fd) is { IsFifo: true }) return fd;
            Libc.close(fd);
            throw new UserErrorException($"{path}: exists and is no FIFO");
        }
    }

    /// <summary>Writes one byte if the pipe is there and somebody reads it; a full one has said it already.</summary>
    public static void Tell(ReadOnlySpan<byte> cString, byte what)
    {
        int fd;
        fixed (byte* name = cString) fd = Libc.open(name, Libc.OpenWriteNow | Libc.OpenNoTerminal);
        if (fd < 0) return;
        if (FileIdentity.OfOpen(fd) is { IsFifo: true }) _ = Libc.write(fd, &what, 1);
        Libc.close(fd);
    }

    private static UserErrorException Mistake(string path, int error) =>
        new($"{path}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}");
}
