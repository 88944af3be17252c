using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Xenstore;

/// <summary>Keeps what clients would see, as text: NULs shown as <c>|</c>.</summary>
internal sealed class RecordingOutput : IXenstoreOutput
{
    public List<(int Conn, string Text)> Lines { get; } = [];

    public SortedSet<string> Pending { get; } = new(StringComparer.Ordinal);

    public List<string> Life { get; } = [];

    public void Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) =>
        Lines.Add((conn, $"{type} {Show(payload)}"));

    public void WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) =>
        Lines.Add((conn, $"event {Show(path)} {Show(token)}"));

    public bool IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => Pending.Contains($"{conn} {Show(path)} {Show(token)}");

    public void Introduced(DomId domid, Gfn ring, EvtchnPort port) => Life.Add($"introduced {domid} {ring} {port}");

    public void Released(DomId domid) => Life.Add($"released {domid}");

    public static string Show(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\0', '|');
}
