using System.Net.Sockets;
using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore.Tools;

/// <summary>Stands between a client and a daemon, and changes /a, its children and /b just before the client's first commits.</summary>
internal sealed class ContendingProxy : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("xs");
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string daemon;
    private readonly Thread thread;
    private int conflicts;

    public ContendingProxy(string daemon, int conflicts)
    {
        this.daemon = daemon;
        this.conflicts = conflicts;
        Socket = Path.Combine(directory.FullName, "socket");
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();
        thread = new Thread(Serve);
        thread.Start();
    }

    public string Socket { get; }

    public int Commits { get; private set; }

    public void Dispose()
    {
        thread.Join();
        listener.Dispose();
        directory.Delete(true);
    }

    private void Serve()
    {
        using var client = listener.Accept();
        using var server = new WireClient(daemon);
        using var rival = new WireClient(daemon);
        var header = new byte[XsdSockmsg.SizeOf];
        while (Fill(client, header))
        {
            var request = XsdSockmsg.Read(header);
            var payload = new byte[request.Len];
            if (!Fill(client, payload)) return;
            if (request.Type == (uint)XsWireType.TransactionEnd)
            {
                Commits++;
                if (conflicts-- > 0) Contend(rival);
            }

            server.Send([.. header, .. payload]);
            var reply = server.Receive();
            client.Send(WireClient.Bytes(reply.Type, reply.Text, reply.ReqId, reply.TxId));
        }
    }

    private void Contend(WireClient rival)
    {
        rival.Ask(XsWireType.Write, $"/a|new{conflicts}");
        rival.Ask(XsWireType.Write, $"/b|new{conflicts}");
        rival.Ask(XsWireType.Write, $"/a/x{conflicts}|1");
    }

    private static bool Fill(Socket from, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var got = from.Receive(bytes, at, bytes.Length - at, SocketFlags.None);
            if (got == 0) return false;
            at += got;
        }

        return true;
    }
}
