using System.Text;
using XenActors.Abi;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Experiments.Recordings;

/// <summary>What programs outside do to the simulated xenstore, as lines of a recording (channel <c>xenstore</c>) and as messages.</summary>
internal static class StoreInputs
{
    public static ReadOnlySpan<byte> Channel => "xenstore"u8;

    // As the daemon's own trace names them; by number.
    private static readonly byte[][] Names =
    [
        .. new[]
        {
            "CONTROL", "DIRECTORY", "READ", "GET_PERMS", "WATCH", "UNWATCH", "TRANSACTION_START", "TRANSACTION_END", "INTRODUCE", "RELEASE",
            "GET_DOMAIN_PATH", "WRITE", "MKDIR", "RM", "SET_PERMS", "WATCH_EVENT", "ERROR", "IS_DOMAIN_INTRODUCED", "RESUME", "SET_TARGET",
            "20", "RESET_WATCHES", "DIRECTORY_PART",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public static void Connect(XenMachine machine, VirtualTime time, int client) =>
        machine.Simulator.TellAt(time, OutsideClientsActor.In(machine.Tools), new OutsideConnected(client));

    public static void Disconnect(XenMachine machine, VirtualTime time, int client) =>
        machine.Simulator.TellAt(time, OutsideClientsActor.AddressOf(machine.Tools, client), new OutsideGone());

    public static void Request(XenMachine machine, VirtualTime time, int client, in XsRequest request) =>
        machine.Simulator.TellAt(time, OutsideClientsActor.AddressOf(machine.Tools, client), in request);

    public static void WriteRequest(RecordingWriter to, VirtualTime time, int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        to.Line(time, Channel).Number(client);
        if ((uint)type < Names.Length)
        {
            to.Word(Names[(int)type]);
        }
        else
        {
            to.Number((uint)type);
        }

        to.Number(reqId).Number(txId).Bytes(payload).End();
    }

    /// <summary>The operation of a line; null when it is none.</summary>
    public static XsWireType? Operation(ReadOnlySpan<byte> word)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (word.SequenceEqual(Names[i]))
            {
                return (XsWireType)i;
            }
        }

        return System.Buffers.Text.Utf8Parser.TryParse(word, out uint number, out var used) && used == word.Length ? (XsWireType)number : null;
    }
}
