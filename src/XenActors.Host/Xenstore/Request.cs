using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>On whose behalf, in which transaction and towards which output the core works; no connection means the daemon itself.</summary>
internal readonly record struct Scope(Connection? Conn, StoreTransaction? Tx, IXenstoreOutput Output)
{
    public bool Privileged => Conn is null || Conn.Privileged;
}

/// <summary>A request that is being handled.</summary>
internal readonly ref struct Request(Scope scope, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
{
    public readonly Scope Scope = scope;
    public readonly XsWireType Type = type;
    public readonly ReadOnlySpan<byte> Payload = payload;

    public Connection Conn => Scope.Conn!;

    public void Reply(ReadOnlySpan<byte> answer)
    {
        if (answer.Length > XenstoreLimits.PayloadMax) Fail(XenErrno.E2BIG);
        else Scope.Output.Reply(Conn.Id, Type, reqId, txId, answer);
    }

    public XenErrno Acknowledge()
    {
        Reply("OK\0"u8);
        return XenErrno.None;
    }

    public void Fail(XenErrno error)
    {
        Span<byte> name = stackalloc byte[16];
        var text = XsWireError.NameOf(error);
        for (var i = 0; i < text.Length; i++) name[i] = (byte)text[i];
        name[text.Length] = 0;
        Scope.Output.Reply(Conn.Id, XsWireType.Error, reqId, txId, name[..(text.Length + 1)]);
    }
}
