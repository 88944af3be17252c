using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Experiments.Bench;

/// <summary>The requests of one client under one load, made once.</summary>
internal sealed class StoreRequests
{
    private const int Keys = 64;

    public StoreRequests(StoreLoad load, int client)
    {
        for (var key = 0; key < Keys; key++)
        {
            var read = (XsWireType.Read, Bytes($"{Path(client, key)}\0"));
            var write = (XsWireType.Write, Bytes($"{Path(client, key)}\0value"));
            Setup.Add(write);
            switch (load)
            {
                case StoreLoad.Reads:
                    Steady.Add(read);
                    break;
                case StoreLoad.Writes:
                    Steady.Add(write);
                    break;
                case StoreLoad.Mix:
                    Steady.Add(key % 10 < 7 ? read : write);
                    break;
                case StoreLoad.Watches:
                    // Its neighbour's node.
                    Setup.Add((XsWireType.Watch, Bytes($"{Path(client ^ 1, key)}\0token\0")));
                    Steady.Add(write);
                    break;
                case StoreLoad.Transactions when key < 15:
                    Steady.Add(key < 10 ? read : write);
                    break;
            }
        }

        if (load != StoreLoad.Transactions) return;
        Steady.Insert(0, (XsWireType.TransactionStart, Bytes("\0")));
        Steady.Add((XsWireType.TransactionEnd, Bytes("T\0")));
    }

    /// <summary>Once, before anything else.</summary>
    public List<(XsWireType Type, byte[] Payload)> Setup { get; } = [];

    /// <summary>Then these, round and round.</summary>
    public List<(XsWireType Type, byte[] Payload)> Steady { get; } = [];

    private static string Path(int client, int key) => string.Create(CultureInfo.InvariantCulture, $"/local/domain/{client}/device/vbd/{key}");

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
