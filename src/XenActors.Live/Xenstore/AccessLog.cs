using System.Buffers.Text;
using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Xenstore;
using XenActors.Xenstore.Traces;

namespace XenActors.Live.Xenstore;

/// <summary>
/// What clients say and are told, in the lines of C xenstored's trace (<c>-T</c>). Lines are written once a turn of the server's loop, so that
/// the file can be followed; a file that cannot be written any more costs the log, not the daemon. Not for more than one thread.
/// </summary>
public sealed class AccessLog : IXenstoreOnlooker, IDisposable
{
    private const int BufferSize = 64 * 1024;

    // Stand for the daemon's addresses: each kind has a range of its own.
    private const ulong Connections = 0x550000000000;
    private const ulong Watches = 0x560000000000;
    private const ulong Transactions = 0x570000000000;

    // A guest's number is negative; it gets one that no socket has.
    private const int Guests = 1 << 24;

    private static readonly byte[][] TypeNames = [.. Enumerable.Range(0, (int)XsWireType.DirectoryPart + 1).Select(t => Encoding.Latin1.GetBytes(TraceNames.Of((XsWireType)t)))];
    private static readonly byte[] UnknownName = Encoding.Latin1.GetBytes(TraceNames.Unknown);

    private readonly string path;
    private readonly Action<string> tell;
    private readonly TimeProvider clock;
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly List<ulong> ended = [];
    private FileStream? file;
    private int length;
    private bool closing;
    private long second = -1;
    private byte[] time = [];

    /// <summary>Adds to a file, as the daemon does.</summary>
    /// <param name="path">The file; made for its owner alone.</param>
    /// <param name="tell">Takes the one line about a file that cannot be written any more.</param>
    /// <param name="clock">For the lines' times.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public AccessLog(string path, Action<string> tell, TimeProvider? clock = null)
    {
        this.path = path;
        this.tell = tell;
        this.clock = clock ?? TimeProvider.System;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            file = new FileStream(path, options);
            file.Write("\n***\n"u8);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            file?.Dispose();
            throw new UserErrorException($"--trace {path}: {cause.Message}", cause);
        }
    }

    public void Created(int client) => Life("CREATE connection "u8, Connections + Place(client));

    /// <summary>A client has broken the protocol.</summary>
    /// <param name="client">Which.</param>
    /// <param name="reason">An error of the ring's, which sockets have too: 2 for one that cannot be written to, 3 for one that broke the protocol.</param>
    public void Ignored(int client, int reason)
    {
        if (file is null) return;
        Append("CONN "u8);
        Pointer(Connections + Place(client));
        Append(" ignored, reason "u8);
        Number((ulong)reason, default);
        Append("\n"u8);
    }

    /// <summary>A client is about to be forgotten by the store; <see cref="Closed"/> follows.</summary>
    public void Closing() => closing = true;

    /// <summary>A client has been forgotten: its watches ended before it, its transactions end with it, the last one first.</summary>
    public void Closed(int client)
    {
        closing = false;
        Life("DESTROY connection "u8, Connections + Place(client));
        for (var i = ended.Count - 1; i >= 0; i--) Life("DESTROY transaction "u8, ended[i]);
        ended.Clear();
    }

    public void In(int client, XsWireType type, ReadOnlySpan<byte> payload) => Message("IN "u8, client, type, payload);

    public void Out(int client, XsWireType type, ReadOnlySpan<byte> payload) => Message("OUT "u8, client, type, payload);

    /// <summary>Hands what has been logged to the operating system.</summary>
    public void Flush()
    {
        if (length == 0 || file is null) return;
        try
        {
            file.Write(buffer, 0, length);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Abandon();
            tell($"--trace {path}: {cause.Message}: the log ends here");
        }

        length = 0;
    }

    public void Dispose()
    {
        Flush();
        Abandon();
    }

    void IXenstoreOnlooker.WatchCreated(ulong watch) => Life("CREATE watch "u8, Watches + (watch << 4));

    void IXenstoreOnlooker.WatchDestroyed(ulong watch) => Life("DESTROY watch "u8, Watches + (watch << 4));

    void IXenstoreOnlooker.TransactionDestroyed(int conn, uint id)
    {
        var pointer = Transactions + (Place(conn) << 20) + (id & 0xfffff);
        if (closing) ended.Add(pointer);
        else Life("DESTROY transaction "u8, pointer);
    }

    private static ulong Place(int client) => (ulong)(client < 0 ? Guests - client : client);

    private void Abandon()
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // It has been told, or nothing was lost: there is no buffer below ours.
        }

        file = null;
    }

    private void Life(ReadOnlySpan<byte> what, ulong pointer)
    {
        if (file is null) return;
        Append(what);
        Pointer(pointer);
        Append("\n"u8);
    }

    private void Message(ReadOnlySpan<byte> way, int client, XsWireType type, ReadOnlySpan<byte> payload)
    {
        if (file is null) return;
        Append(way);
        Pointer(Connections + Place(client));
        Append(Time());
        Append(type <= XsWireType.DirectoryPart ? TypeNames[(int)type] : UnknownName);
        Append(" ("u8);
        var start = Append(payload);
        buffer.AsSpan(start, payload.Length).Replace((byte)0, (byte)' ');
        Append(")\n"u8);
    }

    // " 20261122 07:47:22 ", made anew once a second.
    private ReadOnlySpan<byte> Time()
    {
        var now = clock.GetUtcNow();
        if (now.ToUnixTimeSeconds() is var seconds && seconds != second)
        {
            second = seconds;
            var local = TimeZoneInfo.ConvertTime(now, clock.LocalTimeZone);
            time = Encoding.Latin1.GetBytes(local.ToString("' 'yyyyMMdd HH:mm:ss' '", CultureInfo.InvariantCulture));
        }

        return time;
    }

    private void Pointer(ulong value)
    {
        Append("0x"u8);
        Number(value, 'x');
    }

    private void Number(ulong value, System.Buffers.StandardFormat format)
    {
        Span<byte> digits = stackalloc byte[24];
        Utf8Formatter.TryFormat(value, digits, out var written, format);
        Append(digits[..written]);
    }

    // Where the bytes lie, until more are added.
    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (length + bytes.Length > buffer.Length) Flush();
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
        return length - bytes.Length;
    }
}
