using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Live.Xenstore.Bench;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Xenstore.Bench;

/// <summary>A store that runs a boot's steps without a socket, and counts.</summary>
internal sealed class CountingStore : IXenstoreOutput
{
    private readonly XenstoreCore core = new();
    private readonly int[] connections;
    private readonly uint[] transactions = new uint[3];
    private string reply = "";
    private bool failed;

    public CountingStore() => connections = [core.Connect(0), core.Connect(0), core.Connect(0)];

    public int Nodes => core.NodeCount;

    public int Commits { get; private set; }

    public void Forget() => Commits = 0;

    public void Ask(XsWireType type, string payload)
    {
        core.Handle(connections[0], type, 1, 0, Encoding.Latin1.GetBytes(payload), this);
        Assert.False(failed, reply);
    }

    public void Run(IReadOnlyList<BootStep> steps)
    {
        foreach (var step in steps) Run(step);
    }

    private void Run(BootStep step)
    {
        var header = XsdSockmsg.Read(step.Request);
        var type = (XsWireType)header.Type;
        var peer = (int)step.Peer;
        core.Handle(connections[peer], type, 1, step.InTransaction ? transactions[peer] : 0, step.Request.AsSpan(XsdSockmsg.SizeOf), this);
        Assert.False(failed && !step.MayFail, $"{type} {Encoding.Latin1.GetString(step.Request)}: {reply}");
        if (type == XsWireType.TransactionStart) transactions[peer] = uint.Parse(reply.TrimEnd('\0'), CultureInfo.InvariantCulture);
        if (type == XsWireType.TransactionEnd) Commits++;
    }

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) =>
        (reply, failed) = (Encoding.Latin1.GetString(payload), type == XsWireType.Error);

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
    }
}
