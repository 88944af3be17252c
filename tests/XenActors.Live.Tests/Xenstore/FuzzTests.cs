using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore;

public sealed class FuzzTests
{
    private static readonly string[] Payloads =
    [
        "/a|", "/a/b/c|value", "/a|b|", "|", "", "T|", "F|", "5|1|1|", "5|", "/|", "@releaseDomain|x|", "rel/path|t|", "//|", "/a|n0|r5|", "check|", "0|", "/a|0|",
    ];

    // Four seeds of 625 connections with 400 packets each: a million.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Neither_random_nor_mutated_packets_bring_the_server_down_or_leave_anything_behind(int seed)
    {
        using var server = new RunningServer();
        var random = new Random(seed);
        for (var round = 0; round < 625; round++) Attack(server, random);
        Assert.Equal(default, server.Counts);
        using var client = server.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/alive|1"));
        Assert.Equal("1", client.Ask(XsWireType.Read, "/alive|"));
    }

    private static void Attack(RunningServer server, Random random)
    {
        using var client = server.Connect();
        var bytes = new List<byte>();
        for (var i = 0; i < 400; i++)
        {
            var packet = WireClient.Bytes((XsWireType)random.Next(25), Payloads[random.Next(Payloads.Length)], (uint)i, (uint)random.Next(4));
            if (random.Next(4) == 0) Mutate(packet, random);
            bytes.AddRange(packet);
        }

        if (random.Next(8) == 0) random.NextBytes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        client.SendUntilFull([.. bytes], bytes.Count); // a refused packet closes the socket under the rest
    }

    // Lengths change rarely: most of the stream shall stay in step.
    private static void Mutate(byte[] packet, Random random)
    {
        if (random.Next(40) == 0) packet[12 + random.Next(4)] ^= (byte)(1 << random.Next(8));
        else if (packet.Length > XsdSockmsg.SizeOf) packet[random.Next(XsdSockmsg.SizeOf, packet.Length)] = (byte)random.Next(256);
        else packet[random.Next(12)] = (byte)random.Next(256);
    }
}
