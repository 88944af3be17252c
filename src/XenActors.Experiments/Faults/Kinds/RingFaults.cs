using System.Buffers.Binary;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Shared rings: what lies in the page that an end reads, whoever wrote it there.</summary>
internal static class RingFaults
{
    private const string Place = "the replica of the ring page that the end reads, as a publication reaches it";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "ring-flip",
            Subject = FaultSubject.Rings,
            Summary = "one bit of a published slot, or of the producer index, changes after it was published",
            StandsFor = "a hostile or broken peer that writes to shared memory after publishing (XSA-155, double fetch), a bad memory module",
            Place = Place,
            Heals = "pages stay as they are written; the device may need a reconnect",
            Effect = FaultEffect.Corrupting,
            Parameters = [Shared.Device, Shared.End, new("what", FaultValue.Choice, "slot", "slot|index", "what changes"), Shared.Probability, Shared.Count("1")],
            Begin = work =>
            {
                var slot = work.Settings.Text("what") == "slot";
                Each(work, (Published p, ref RandomStream random, out string what) =>
                {
                    what = "";
                    if (!slot)
                    {
                        var bit = (int)random.Next(32);
                        what = $"bit {bit} of the producer index {p.New} flips";
                        return p with { New = p.New ^ (1u << bit) };
                    }

                    if (p.Slots.Length == 0)
                    {
                        return null;
                    }

                    var at = (int)random.Next(p.Slots.Length * 8L);
                    var slots = (byte[])p.Slots.Clone();
                    slots[at / 8] ^= (byte)(1 << (at % 8));
                    what = $"bit {at % 8} of byte {at / 8} of the slots from {p.Old} flips";
                    return p with { Slots = slots };
                });
            },
        },
        new()
        {
            Name = "ring-rewrite",
            Subject = FaultSubject.Rings,
            Summary = "with a publication, a word of a slot that was published before it changes, too",
            StandsFor = "a hostile peer that changes a slot between two looks at it (XSA-155, double fetch)",
            Place = Place,
            Heals = "pages stay as they are written; the device may need a reconnect",
            Effect = FaultEffect.Corrupting,
            Parameters = [Shared.Device, Shared.End, Shared.Probability, Shared.Count("1")],
            Begin = static work =>
            {
                var before = new SortedDictionary<uint, Published>();
                Each(work, (Published p, ref RandomStream random, out string what) =>
                {
                    what = "";
                    var known = before.TryGetValue(p.Ring, out var last) && last.New == p.Old && last.Slots.Length >= 4;
                    before[p.Ring] = p;
                    if (!known)
                    {
                        return null;
                    }

                    var slots = new byte[last.Slots.Length + p.Slots.Length];
                    last.Slots.CopyTo(slots, 0);
                    p.Slots.CopyTo(slots, last.Slots.Length);
                    var at = (int)random.Next(last.Slots.Length / 4) * 4;
                    var word = (uint)random.Next(1L << 32);
                    BinaryPrimitives.WriteUInt32LittleEndian(slots.AsSpan(at), word);
                    what = $"bytes {at} to {at + 3} of the slots from {last.Old} on become {word:x8}";
                    return p with { Old = last.Old, Slots = slots };
                });
            },
        },
        new()
        {
            Name = "ring-repeat",
            Subject = FaultSubject.Rings,
            Summary = "what is published is once more the slot that was published last before",
            StandsFor = "a hostile backend that answers a request twice (XSA-391), a hostile frontend that asks twice with one id",
            Place = Place,
            Heals = "publications are their own again; the device may need a reconnect",
            Effect = FaultEffect.Corrupting,
            Parameters = [Shared.Device, Shared.End, Shared.Probability, Shared.Count("1")],
            Begin = static work =>
            {
                var before = new SortedDictionary<uint, byte[]>();
                Each(work, (Published p, ref RandomStream _, out string what) =>
                {
                    what = "";
                    var count = unchecked(p.New - p.Old);
                    if (count == 0 || p.Slots.Length == 0 || p.Slots.Length % count != 0)
                    {
                        return null;
                    }

                    var size = p.Slots.Length / (int)count;
                    var known = before.TryGetValue(p.Ring, out var last) && last.Length == size;
                    before[p.Ring] = p.Slots[^size..];
                    if (!known)
                    {
                        return null;
                    }

                    var slots = new byte[p.Slots.Length];
                    for (var at = 0; at < slots.Length; at += size)
                    {
                        last!.CopyTo(slots, at);
                    }

                    what = $"slots {p.Old} to {p.New} repeat the one before them";
                    return p with { Slots = slots };
                });
            },
        },
        new()
        {
            Name = "ring-torn",
            Subject = FaultSubject.Rings,
            Summary = "the producer index arrives with a part of the slots: the rest is what lay there before",
            StandsFor = "a producer without a write barrier between slots and index",
            Place = Place,
            Heals = "publications are whole again",
            Effect = FaultEffect.Corrupting,
            Parameters = [Shared.Device, Shared.End, Shared.Probability, Shared.Count("1")],
            Begin = work => Each(work, static (Published p, ref RandomStream random, out string what) =>
            {
                what = "";
                if (p.Slots.Length == 0)
                {
                    return null;
                }

                var kept = (int)random.Next(p.Slots.Length);
                what = $"{kept} of {p.Slots.Length} bytes of the slots from {p.Old} arrive";
                return p with { Slots = p.Slots[..kept] };
            }),
        },
        new()
        {
            Name = "ring-overflow",
            Subject = FaultSubject.Rings,
            Summary = "the producer index says that more was published than a ring can hold",
            StandsFor = "a hostile frontend or backend (RING_REQUEST_PROD_OVERFLOW, RING_RESPONSE_PROD_OVERFLOW)",
            Place = Place,
            Heals = "a ring that has halted stays halted until the device reconnects",
            Effect = FaultEffect.Degrading,
            Parameters =
            [
                Shared.Device, Shared.End, new("by", FaultValue.Count, "4096", "a whole number from 1 to 4294967295", "slots too many") { Least = 1, Most = uint.MaxValue },
                Shared.Count("1"),
            ],
            Begin = work =>
            {
                var by = (uint)work.Settings.Count("by");
                Each(work, (Published p, ref RandomStream _, out string what) =>
                {
                    what = $"the producer index is {by} beyond {p.New}";
                    return p with { New = unchecked(p.New + by) };
                });
            },
        },
        new()
        {
            Name = "ring-stale",
            Subject = FaultSubject.Rings,
            Summary = "the producer index that an end reads is the old one, though slots have come",
            StandsFor = "an index from before a resume; a reordered store of req_prod",
            Place = Place,
            Heals = "the next publication brings the index; nobody is woken for what was published meanwhile",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device, Shared.End, Shared.Probability, Shared.Count("1")],
            Begin = work => Each(work, static (Published p, ref RandomStream _, out string what) =>
            {
                what = $"the producer index stays {p.Old} instead of {p.New}";
                return p with { New = p.Old };
            }),
        },
    ];

    private delegate Published? RingJudge(Published published, ref RandomStream random, out string what);

    private static void Each(FaultWork work, RingJudge judge)
    {
        var device = work.Device();
        work.Degrade(device.Scope);
        if (work.Settings.Text("end") == "back")
        {
            // A request names grants, and those are the domain's: what its other devices have out may be meant, too.
            work.Degrade($"dom{device.Domain}/vbd");
            work.Degrade($"dom{device.Domain}/vif");
        }

        foreach (var path in work.Paths(device))
        {
            work.On(path, (in Delivery delivery, ref RandomStream random, out string what) =>
            {
                what = "";
                if (delivery.TryGet<RequestsPublished>(out var requests))
                {
                    if (judge(new(requests.Ring, requests.Old, requests.New, requests.Slots), ref random, out what) is not { } changed)
                    {
                        return Verdict.Pass;
                    }

                    delivery.Replace(requests with { Old = changed.Old, New = changed.New, Slots = changed.Slots });
                    return Verdict.Deliver;
                }

                if (!delivery.TryGet<ResponsesPublished>(out var responses)
                    || judge(new(responses.Ring, responses.Old, responses.New, responses.Slots), ref random, out what) is not { } other)
                {
                    return Verdict.Pass;
                }

                delivery.Replace(responses with { Old = other.Old, New = other.New, Slots = other.Slots });
                return Verdict.Deliver;
            });
        }
    }

    private readonly record struct Published(uint Ring, uint Old, uint New, byte[] Slots);
}
