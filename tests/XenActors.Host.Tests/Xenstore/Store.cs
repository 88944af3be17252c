using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Xenstore;

/// <summary>A store with a dom0 client, and words for what tests ask of it. In payloads <c>|</c> stands for NUL.</summary>
internal sealed class Store
{
    public XenstoreCore Core { get; set; } = new();

    public RecordingOutput Output { get; set; } = new();

    public int Dom0 { get; }

    private uint requests;

    public Store() => Dom0 = Core.Connect(0);

    /// <summary>Introduces a domain that owns its home, and connects it.</summary>
    public int Guest(ushort domid)
    {
        Ok(XsWireType.Introduce, $"{domid}|1|1|");
        Ok(XsWireType.Write, $"/local/domain/{domid}|");
        Ok(XsWireType.SetPerms, $"/local/domain/{domid}|n{domid}|");
        var conn = Core.Connect(domid);
        Output.Lines.Clear();
        return conn;
    }

    /// <summary>What the client saw because of its request: events and the reply, in order.</summary>
    public string Ask(int conn, XsWireType type, string payload, uint tx = 0)
    {
        var start = Output.Lines.Count;
        Assert.Equal(XenstoreViolation.None, Send(conn, type, payload, tx));
        return string.Join("; ", Output.Lines.Skip(start).Where(l => l.Conn == conn).Select(l => l.Text));
    }

    public XenstoreViolation Send(int conn, XsWireType type, string payload, uint tx = 0) =>
        Core.Handle(conn, type, ++requests, tx, Encoding.Latin1.GetBytes(payload.Replace('|', '\0')), Output);

    public void Ok(XsWireType type, string payload, uint tx = 0) => Assert.EndsWith($"{type} OK|", Ask(Dom0, type, payload, tx));

    public string Read(string path, uint tx = 0, int? conn = null) => Ask(conn ?? Dom0, XsWireType.Read, path + "|", tx);

    public void Write(string path, string value, uint tx = 0) => Ok(XsWireType.Write, $"{path}|{value}", tx);

    public uint Start(int? conn = null)
    {
        var reply = Ask(conn ?? Dom0, XsWireType.TransactionStart, "|");
        return uint.Parse(reply["TransactionStart ".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public string End(uint tx, string how = "T", int? conn = null) => Ask(conn ?? Dom0, XsWireType.TransactionEnd, how + "|", tx);

    /// <summary>What a client has seen since the last look.</summary>
    public string Seen(int conn)
    {
        var seen = string.Join("; ", Output.Lines.Where(l => l.Conn == conn).Select(l => l.Text));
        Output.Lines.RemoveAll(l => l.Conn == conn);
        return seen;
    }

    public string Tree() => XenstoreLs.Render(Core.Dump());
}
