using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Differential;

/// <summary>One thing that happens in a sequence. What a sequence cannot do when its turn comes is left out, so that it can be cut anywhere.</summary>
internal abstract record Step;

/// <summary>A client asks; in the payload NUL is NUL.</summary>
internal sealed record Ask(Who Who, XsWireType Type, TransactionChoice Transaction, string Payload) : Step
{
    /// <summary>The transaction's id, once it is known.</summary>
    public uint Tx => Transaction.Id;

    public override string ToString() => $"{Who}: {Type}{(Tx == 0 ? "" : $" in transaction {Tx}")} {WireText.Show(Payload)}";
}

/// <summary>A socket is closed, and another takes its letter.</summary>
internal sealed record Reconnect(Who Who) : Step
{
    public override string ToString() => $"{Who} closes its socket and opens another";
}

/// <summary>Xen makes something else of a domain; the daemons learn of it when they look.</summary>
internal sealed record Turn(uint Domid, DomainLife Life) : Step
{
    public override string ToString() => $"domain {Domid} is {Life}";
}

/// <summary>VIRQ_DOM_EXC: the daemons look at all domains.</summary>
internal sealed record Virq : Step
{
    public override string ToString() => "VIRQ_DOM_EXC";
}
