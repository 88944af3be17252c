using System.Runtime.InteropServices;
using System.Text;
using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>A million packets that are handled: random ones, and mutations of valid ones.</summary>
public sealed class FuzzTests
{
    private const int PacketsPerSeed = 250_000;

    private static readonly string[] Payloads =
    [
        "/a|", "/a/b/c|value", "/a|b|", "|", "", "T|", "F|", "5|1|1|", "5|", "/|", "@releaseDomain|x|", "rel/path|t|", "//|", "/a|n0|r5|", "check|", "0|", "/a|0|",
        "5|6|", "/a/b|n5|b6|", "print|text|",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Neither_random_nor_mutated_packets_bring_the_server_down_or_leave_anything_behind(int seed)
    {
        var store = new CountingStore();
        using var server = new RunningServer(store: store);
        var random = new Random(seed);
        long settled = 0;
        for (var round = 0; store.Handled < PacketsPerSeed; round++)
        {
            Attack(server, random);
            if (round % 200 != 199) continue;
            // Nothing of those who have left; and what they were all about to say has been handled.
            Assert.Equal(default, server.Counts);
            Assert.True(store.Handled > settled, "no packet arrives any more");
            settled = store.Handled;
        }

        Assert.Equal(default, server.Counts);
        using var client = server.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/alive|1"));
        Assert.Equal("1", client.Ask(XsWireType.Read, "/alive|"));
    }

    /// <summary>One client that says some four hundred packets and leaves.</summary>
    internal static void Attack(RunningServer server, Random random)
    {
        using var client = server.Connect();
        var bytes = new List<byte>();
        // Bytes without any meaning end at the first length: they need not be many.
        if (random.Next(8) == 0)
        {
            bytes.AddRange(new byte[random.Next(1, 200)]);
            random.NextBytes(CollectionsMarshal.AsSpan(bytes));
        }
        else
        {
            for (var i = 0; i < 400; i++) bytes.AddRange(Packet(i, random));
            if (random.Next(2) == 0) bytes.RemoveRange(bytes.Count - 1 - random.Next(30), 1); // leaves in the middle of a packet, or is out of step
            if (random.Next(10) == 0) bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8)); // perhaps in a length
        }

        client.SendUntilFull([.. bytes], bytes.Count); // a refused packet closes the socket under the rest
    }

    private static byte[] Packet(int number, Random random)
    {
        var type = (uint)random.Next(25);
        var (reqId, txId) = ((uint)number, (uint)random.Next(4));
        var payload = new List<byte>(Encoding.Latin1.GetBytes(Payloads[random.Next(Payloads.Length)].Replace('|', '\0')));
        if (random.Next(4) == 0) Mutate(payload, random);
        if (random.Next(50) == 0) type = unchecked((uint)random.Next(int.MinValue, int.MaxValue));
        if (random.Next(50) == 0) txId = unchecked((uint)random.Next(int.MinValue, int.MaxValue));
        var packet = new byte[XsdSockmsg.SizeOf + payload.Count];
        new XsdSockmsg(type, reqId, txId, (uint)payload.Count).WriteTo(packet);
        payload.CopyTo(packet, XsdSockmsg.SizeOf);
        return packet;
    }

    // The length stays right: the stream shall stay in step.
    private static void Mutate(List<byte> payload, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(payload.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < payload.Count:
                    payload[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < payload.Count:
                    payload[at] = (byte)random.Next(256);
                    break;
                case 2 when at < payload.Count:
                    payload.RemoveAt(at);
                    break;
                case 3:
                    payload.Insert(at, (byte)(random.Next(2) == 0 ? 0 : random.Next(256)));
                    break;
                case 4:
                    payload.RemoveRange(at, payload.Count - at);
                    break;
                default:
                    payload.InsertRange(at, payload.ToArray());
                    break;
            }
        }

        if (random.Next(400) == 0) payload.AddRange(new byte[XenstoreLimits.PayloadMax - payload.Count]);
    }
}
