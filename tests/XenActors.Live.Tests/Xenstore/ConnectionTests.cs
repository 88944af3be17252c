using System.Net.Sockets;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

public class ConnectionTests
{
    /// <summary>A server of whatever kind these outcomes hold for.</summary>
    internal virtual RunningServer Serve(XenstoreServerOptions? options = null) => new(options);

    [Fact]
    public void An_abrupt_disconnect_ends_transactions_and_watches()
    {
        using var server = Serve();
        using var witness = server.Connect();
        var client = server.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Watch, "/a|token|"));
        Assert.Equal("/a|token|", client.Receive().Text);
        Assert.Equal("1|", client.Ask(XsWireType.TransactionStart, "|"));
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/lost|1", 1));
        client.Send(WireClient.Bytes(XsWireType.Write, "/a|value").AsSpan(0, 11)); // in the middle of a header
        Assert.Equal((2, 1, 1), Held(server.Counts));
        client.Dispose();
        Assert.Equal((1, 0, 0), Held(server.Counts));
        Assert.Equal("ENOENT|", witness.Ask(XsWireType.Read, "/lost|"));
        Assert.Equal("OK|", witness.Ask(XsWireType.Write, "/a|2"));
    }

    [Fact]
    public void What_was_asked_before_the_end_is_done_and_answered()
    {
        using var server = Serve();
        using var client = server.Connect();
        client.Send([.. WireClient.Bytes(XsWireType.Write, "/a|1"), .. WireClient.Bytes(XsWireType.Read, "/a|")]);
        client.EndSending();
        Assert.Equal("OK|", client.Receive().Text);
        Assert.Equal("1", client.Receive().Text);
        Assert.True(client.IsClosed());
    }

    [Fact]
    public void Transactions_of_another_connection_are_unknown()
    {
        using var server = Serve();
        using var one = server.Connect();
        using var other = server.Connect();
        Assert.Equal("1|", one.Ask(XsWireType.TransactionStart, "|"));
        Assert.Equal("ENOENT|", other.Ask(XsWireType.Read, "/tool|", 1));
        Assert.Equal("ENOENT|", other.Ask(XsWireType.TransactionEnd, "T|", 1));
        Assert.Equal("OK|", one.Ask(XsWireType.TransactionEnd, "T|", 1));
    }

    [Fact]
    public void Domains_can_be_introduced_and_released()
    {
        using var server = Serve();
        using var client = server.Connect();
        client.Ask(XsWireType.Watch, "@introduceDomain|i|");
        Assert.Equal("@introduceDomain|i|", client.Receive().Text);
        client.Send(WireClient.Bytes(XsWireType.Introduce, "5|1|1|"));
        Assert.Equal("@introduceDomain|i|", client.Receive().Text);
        Assert.Equal("OK|", client.Receive().Text);
        Assert.Equal("T|", client.Ask(XsWireType.IsDomainIntroduced, "5|"));
        Assert.Equal("OK|", client.Ask(XsWireType.Release, "5|"));
        Assert.Equal("F|", client.Ask(XsWireType.IsDomainIntroduced, "5|"));
    }

    [Fact]
    public void Many_connections_at_once_are_served()
    {
        using var server = Serve();
        var clients = Enumerable.Range(0, 500).Select(_ => server.Connect()).ToArray();
        for (var i = 0; i < clients.Length; i++) clients[i].Send([.. WireClient.Bytes(XsWireType.Write, $"/many/{i}|{i}"), .. WireClient.Bytes(XsWireType.Watch, "/many|t|")]);
        foreach (var client in clients) Assert.Equal(XsWireType.Write, client.Receive().Type);
        Assert.Equal((500, 500, 0), Held(server.Counts));
        for (var i = 0; i < clients.Length; i += 2) clients[i].Dispose();
        Assert.Equal((250, 250, 0), Held(server.Counts));
        foreach (var client in clients) client.Dispose();
        Assert.Equal(default, server.Counts);
    }

    [Fact]
    public void The_socket_is_for_its_owner_only()
    {
        using var server = Serve();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.Socket));
    }

    [Fact]
    public void A_live_servers_socket_is_refused_and_stays()
    {
        using var server = Serve();
        var mistake = Assert.Throws<UserErrorException>(() => new XenstoreServer(server.Socket));
        Assert.Equal($"{server.Socket}: another server listens there", mistake.Message);
        using var client = server.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/a|1"));
    }

    [Fact]
    public void A_dead_servers_socket_is_replaced()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("xs").FullName, "socket");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            dead.Listen();
            // .NET removes the file of a socket that it closes itself; a killed server does not.
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        using (new XenstoreServer(path)) Assert.True(File.Exists(path));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        var path = Path.GetTempFileName();
        var mistake = Assert.Throws<UserErrorException>(() => new XenstoreServer(path));
        Assert.Equal($"{path}: exists and is no socket", mistake.Message);
        Assert.True(File.Exists(path));
        File.Delete(path);
    }

    [Fact]
    public void A_file_that_took_the_sockets_place_is_not_removed()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("xs").FullName, "socket");
        using (new XenstoreServer(path))
        {
            File.Delete(path);
            File.WriteAllText(path, "mine");
        }

        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("/nonexistent/socket", "/nonexistent/socket: No such file or directory")]
    [InlineData("", ": expected a socket path of 1 to 107 bytes but found 0")]
    public void A_path_that_cannot_be_is_one_line(string path, string line) =>
        Assert.Equal(line, Assert.Throws<UserErrorException>(() => new XenstoreServer(path)).Message);

    [Fact]
    public void A_path_too_long_for_a_socket_is_one_line() =>
        Assert.EndsWith("but found 201", Assert.Throws<UserErrorException>(() => new XenstoreServer("/" + new string('a', 200))).Message, StringComparison.Ordinal);

    internal static (int Connections, int Watches, int Transactions) Held(XenstoreServerCounts counts) => (counts.Connections, counts.Watches, counts.Transactions);
}
