using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary>
/// What libxenstore makes of the protocol: a call a request, an errno when it fails. Texts are bytes as Latin-1 characters. Wire:
/// <c>public/io/xs_wire.h</c>.
/// </summary>
public sealed class XenstoreLibrary(IXenstoreConnection connection)
{
    /// <summary>Why the last call failed.</summary>
    public XenErrno Error { get; private set; }

    public byte[]? Read(uint tx, string path) => Ask(XsWireType.Read, tx, path + "\0");

    public bool Write(uint tx, string path, string value) => Ask(XsWireType.Write, tx, $"{path}\0{value}") is not null;

    public bool Rm(uint tx, string path) => Ask(XsWireType.Rm, tx, path + "\0") is not null;

    /// <summary>A node's children; what does not fit into one reply is fetched in parts.</summary>
    public IReadOnlyList<string>? Directory(uint tx, string path)
    {
        var names = Ask(XsWireType.Directory, tx, path + "\0");
        if (names is not null) return Strings(names);
        return Error == XenErrno.E2BIG && path.Length < XenstoreLimits.PayloadMax ? DirectoryInParts(tx, path) : null;
    }

    /// <summary>A node's permissions as the wire has them: <c>n0</c>, <c>r5</c>, ...</summary>
    public IReadOnlyList<string>? Permissions(uint tx, string path) =>
        Ask(XsWireType.GetPerms, tx, path + "\0") is { } texts ? Strings(texts) : null;

    public bool SetPermissions(uint tx, string path, IReadOnlyList<string> permissions)
    {
        var payload = new StringBuilder(path).Append('\0');
        foreach (var permission in permissions) payload.Append(permission).Append('\0');
        return Ask(XsWireType.SetPerms, tx, payload.ToString()) is not null;
    }

    public bool Watch(string path, string token) => Ask(XsWireType.Watch, 0, $"{path}\0{token}\0") is not null;

    public XsWatchEvent? NextEvent() => connection.NextEvent();

    /// <summary>Starts a transaction; 0 when it cannot.</summary>
    public uint Begin()
    {
        var number = Ask(XsWireType.TransactionStart, 0, "\0");
        return number is null ? 0 : CNumber.Leading(number);
    }

    public bool End(uint tx, bool abort) => Ask(XsWireType.TransactionEnd, tx, abort ? "F\0" : "T\0") is not null;

    private byte[]? Ask(XsWireType type, uint tx, string payload)
    {
        if (payload.Length > XenstoreLimits.PayloadMax)
        {
            Error = XenErrno.E2BIG;
            return null;
        }

        var answer = connection.Ask(type, tx, Encoding.Latin1.GetBytes(payload));
        Error = answer.Error;
        return answer.Payload;
    }

    // Each part begins with the node's generation; a node that changes on the way is read anew.
    private List<string>? DirectoryInParts(uint tx, string path)
    {
        var list = new StringBuilder();
        string? generation = null;
        while (true)
        {
            var part = Ask(XsWireType.DirectoryPart, tx, string.Create(CultureInfo.InvariantCulture, $"{path}\0{list.Length}\0"));
            if (part is null) return null;
            var text = Encoding.Latin1.GetString(part);
            var end = text.IndexOf('\0', StringComparison.Ordinal) + 1;
            if (end == 0) return Fail();
            if (list.Length > 0 && text[..end] != generation)
            {
                list.Clear();
                continue;
            }

            generation = text[..end];
            // The last part ends with one more NUL.
            var isLast = text.EndsWith("\0\0", StringComparison.Ordinal);
            if (!isLast && text.Length == end) return Fail();
            list.Append(text, end, text.Length - end - (isLast ? 1 : 0));
            if (isLast) return Strings(Encoding.Latin1.GetBytes(list.ToString()));
        }
    }

    // No daemon answers so; what does would be asked for ever.
    private List<string>? Fail()
    {
        Error = XenErrno.EINVAL;
        return null;
    }

    private static List<string> Strings(byte[] payload)
    {
        var strings = new List<string>();
        ReadOnlySpan<byte> rest = payload;
        while (WirePayload.TryNext(ref rest, out var text)) strings.Add(Encoding.Latin1.GetString(text));
        return strings;
    }
}
