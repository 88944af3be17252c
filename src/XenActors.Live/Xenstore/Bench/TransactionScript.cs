using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Experiments;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>Transactions one after another: start, ten reads, five writes, commit. What meets EAGAIN is not a unit.</summary>
internal sealed class TransactionScript(int place) : IBenchScript
{
    public const int Reads = 10;
    private const int Writes = 5;

    // The place's own start comes first, then what is asked inside the transaction.
    private readonly byte[][] requests =
    [
        BenchClient.Request(XsWireType.TransactionStart, "|"),
        .. Enumerable.Range(0, Reads).Select(n => BenchClient.Request(XsWireType.Read, XenstoreLoads.Place(place, n) + "|")),
        .. Enumerable.Range(0, Writes).Select(n => BenchClient.Request(XsWireType.Write, XenstoreLoads.Place(place, n) + "|value")),
        BenchClient.Request(XsWireType.TransactionEnd, "T|"),
    ];

    private int next;
    private uint id;

    public ReadOnlySpan<byte> Next()
    {
        var request = requests[next];
        if (next > 0) BitConverter.TryWriteBytes(request.AsSpan(XsdSockmsg.TxIdOffset), id);
        return request;
    }

    public bool Take(XsWireType type, ReadOnlySpan<byte> payload)
    {
        if (next == 0 && !uint.TryParse(payload.TrimEnd((byte)0), NumberStyles.None, CultureInfo.InvariantCulture, out id))
        {
            throw new UserErrorException($"bench xenstore: the daemon started no transaction: {Encoding.Latin1.GetString(payload).TrimEnd('\0')}");
        }

        next = (next + 1) % requests.Length;
        return next == 0 && type == XsWireType.TransactionEnd;
    }
}
