using FsCheck;
using FsCheck.Fluent;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Differential;

/// <summary>Random sequences: mostly what clients do, on few names so that they meet, mixed with what they should not do.</summary>
internal static class Sequences
{
    /// <summary>A domain that permissions name, without a ring that anybody uses.</summary>
    public const uint Bystander = 7;

    private const int StepsMin = 15;
    private const int StepsMax = 60;

    /// <summary>Some tools only, most with guests that own their homes, some with quotas that are soon used up.</summary>
    public static Gen<Step[]> All { get; } =
        from guests in Gen.Frequency((2, Gen.Constant(0)), (4, Gen.Constant(1)), (4, Gen.Constant(2)), (2, Gen.Constant(3)))
        from sockets in Gen.Frequency((3, Gen.Constant(1)), (3, Gen.Constant(2)), (1, Gen.Constant(Who.SocketCount)))
        from paths in Payloads.SomePaths
        from common in Gen.Elements<Step[]>([], [Dom0(XsWireType.Mkdir, "/t\0")], [Dom0(XsWireType.Mkdir, "/t\0"), Dom0(XsWireType.SetPerms, "/t\0b0\0")])
        from quotas in Gen.Frequency((3, Gen.Constant<Step[]>([])), (1, Gen.ArrayOf(TightQuota)))
        from length in Gen.Choose(StepsMin, StepsMax)
        from steps in Gen.ArrayOf(Any(Anyone(sockets, guests), new Payloads(paths)), length)
        select (Step[])[.. Enumerable.Range(1, guests).SelectMany(Home), .. common, .. quotas.Take(4), .. steps];

    private static Gen<Step> TightQuota { get; } =
        from quota in Gen.Elements("nodes", "watches", "transactions", "transaction-nodes", "node-size", "path-max", "permissions")
        from limit in Gen.Choose(1, 6)
        select Dom0(XsWireType.Control, $"quota\0set\0{quota}\0{(quota == "node-size" ? 30 + 8 * limit : quota == "path-max" ? 3 * limit : limit)}\0");

    private static IEnumerable<Step> Home(int domid) =>
    [
        Dom0(XsWireType.Introduce, $"{domid}\01\01\0"), Dom0(XsWireType.Mkdir, $"/local/domain/{domid}\0"),
        Dom0(XsWireType.SetPerms, $"/local/domain/{domid}\0n{domid}\0"),
    ];

    private static Step Dom0(XsWireType type, string payload) => new Ask(Who.A, type, TransactionChoice.None, payload);

    private static Gen<Step> Any(Gen<Who> anyone, Payloads payloads) => Gen.Frequency(
        (95, Asks(anyone, payloads)), (1, Gen.Elements([.. Who.Sockets]).Select(who => (Step)new Reconnect(who))), (2, Turns), (2, Gen.Constant<Step>(new Virq())));

    private static Gen<Step> Turns { get; } =
        from domid in Gen.Elements(1u, 2u, 3u, Bystander)
        from life in Gen.Elements(DomainLife.Running, DomainLife.Shutdown, DomainLife.Shutdown, DomainLife.Dying, DomainLife.Gone, DomainLife.Gone)
        select (Step)new Turn(domid, life);

    // Mostly those that the sequence is about.
    private static Gen<Who> Anyone(int sockets, int guests) => Gen.Frequency(
        (20, Gen.Elements([.. Who.Sockets.Take(sockets), .. Who.Guests.Take(guests)])), (1, Gen.Elements([.. Who.Sockets, .. Who.Guests])));

    private static Gen<TransactionChoice> AnOpenOne { get; } = Gen.Choose(0, 3).Select(TransactionChoice.OfOpen);

    private static Gen<TransactionChoice> Unseen { get; } = Gen.Elements(1u, 2u, 3u, 77u, uint.MaxValue).Select(TransactionChoice.Literal);

    private static Gen<TransactionChoice> Transaction(XsWireType type) => type switch
    {
        XsWireType.TransactionStart => Gen.Frequency((30, Gen.Constant(TransactionChoice.None)), (1, AnOpenOne), (1, Unseen)),
        XsWireType.TransactionEnd => Gen.Frequency((1, Gen.Constant(TransactionChoice.None)), (30, AnOpenOne), (1, Unseen)),
        _ => Gen.Frequency((25, Gen.Constant(TransactionChoice.None)), (25, AnOpenOne), (1, Unseen)),
    };

    private static Gen<Step> Asks(Gen<Who> anyone, Payloads payloads) =>
        from who in anyone
        from asked in payloads.Request
        from tx in Transaction(asked.Type)
        select (Step)new Ask(who, asked.Type, tx, asked.Payload.Length <= XenstoreLimits.PayloadMax ? asked.Payload : asked.Payload[..XenstoreLimits.PayloadMax]);
}
