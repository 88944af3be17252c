using System.Globalization;
using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>
/// Domains boot one after another, each request after the last one's reply. A boot is what <see cref="DomainBoot"/> says; the removal of
/// the domain's nodes lies inside the time, and its eight requests outside the count.
/// </summary>
internal static class BootLoad
{
    private const int Domains = 16;
    private const string Root = XenstoreLoads.Root + "/boots";

    public static void Prepare(BenchClient client)
    {
        foreach (var node in DomainBoot.HostNodes(Root)) client.Demand(XsWireType.Write, node + "|");
    }

    public static long Run(BenchTurn turn)
    {
        using var backends = new BenchClient(turn.Address);
        backends.Demand(XsWireType.Watch, $"{Root}/local/domain/0/backend|backend|");
        var boots = Enumerable.Range(1, Domains).Select(domid => new DomainBoot(Root, domid)).ToArray();
        turn.Begin();
        long done = 0;
        do Run(turn, backends, boots[done++ % Domains]);
        while (!turn.IsOver(done));
        return done;
    }

    private static void Run(BenchTurn turn, BenchClient backends, DomainBoot boot)
    {
        using var tools = new BenchClient(turn.Address);
        using var guest = new BenchClient(turn.Address);
        BenchClient[] clients = [tools, backends, guest]; // as BootPeer numbers them
        foreach (var step in boot.Steps) Take(clients, step);
        foreach (var step in boot.End) Take(clients, step);
    }

    private static void Take(BenchClient[] clients, in BootStep step)
    {
        var client = clients[(int)step.Peer];
        if (step.InTransaction) BitConverter.TryWriteBytes(step.Request.AsSpan(XsdSockmsg.TxIdOffset), client.Transaction);
        if (step.MayFail) client.Ask(step.Request);
        else client.Demand(step.Request);
        if (XsdSockmsg.Read(step.Request).Type != (uint)XsWireType.TransactionStart) return;
        client.Transaction = uint.Parse(client.Payload.TrimEnd((byte)0), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
