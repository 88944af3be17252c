using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>
/// Random operations, sizes, times, features and rings: each request gets exactly one answer, the data are those of a model of the disk, no wake-up is lost, and when the disk
/// is taken away no grant, mapping, port or driver is left. An end that forgets its final check loses a wake-up, and is caught.
/// </summary>
public sealed class VbdPropertyTests
{
    private const int Cases = 300;
    private const int CasesMax = 1000;

    /// <summary>Whose mistake is played: going to sleep without RING_FINAL_CHECK.</summary>
    private enum Forgetful
    {
        Nobody,
        Backend,
        Frontend,
    }

    /// <summary>One request: which operation, where, how long, and how many microseconds after the one before.</summary>
    public sealed record Step(BlockOperation Operation, int Sector, int Count, int After, bool Waits);

    /// <summary>A host, a guest, and what the guest's block layer asks.</summary>
    public sealed record Case(
        bool Persistent, int Indirect, bool Flush, bool Bits32, int PageOrder, int Vcpus, int FrontQueues, int BackQueues, string Kernel, int Seed, IReadOnlyList<Step> Steps)
    {
        public override string ToString() =>
            $"persistent {Persistent}, indirect {Indirect}, flush {Flush}, 32 bits {Bits32}, order {PageOrder}, {Vcpus} vCPUs, queues {FrontQueues} and {BackQueues}, {Kernel}, seed {Seed}:\n  "
            + string.Join("\n  ", Steps);
    }

    private static readonly Gen<Step> Steps =
        from operation in Gen.Frequency(
            (5, Gen.Constant(BlockOperation.Read)), (5, Gen.Constant(BlockOperation.Write)), (1, Gen.Constant(BlockOperation.Flush)),
            (1, Gen.Constant(BlockOperation.Discard)))
        from count in Gen.OneOf(Gen.Choose(1, 16), Gen.Choose(1, 128))
        from sector in Gen.Choose(0, MemoryVolumes.Sectors - count)
        from after in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 200)))
        from waits in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(operation, sector, count, after, waits);

    private static readonly Gen<Case> All =
        from persistent in Gen.Elements(true, false)
        from indirect in Gen.Elements(0, 11, 12, 20, 256)
        from flush in Gen.Elements(true, false)
        from bits32 in Gen.Elements(true, false)
        from order in Gen.Choose(0, 4)
        from vcpus in Gen.Choose(1, 4)
        from front in Gen.Choose(1, 4)
        from back in Gen.Choose(0, 4)
        from kernel in Gen.Elements("debian12-6.1", "fedora16-3.1")
        from seed in Gen.Choose(1, 1_000_000)
        from steps in Gen.ListOf(Steps)
        select new Case(persistent, indirect, flush, bits32, order, vcpus, front, back, kernel, seed, [.. steps]);

    private static IEnumerable<Case> Smaller(Case c)
    {
        for (var half = c.Steps.Count / 2; half > 0; half /= 2)
        {
            for (var at = 0; at < c.Steps.Count; at += half)
            {
                yield return c with { Steps = [.. c.Steps.Take(at), .. c.Steps.Skip(at + half)] };
            }
        }
    }

    [Fact]
    public void Every_request_gets_one_answer_and_the_right_data_and_nothing_is_left()
    {
        var (count, found) = Search(Cases, Forgetful.Nobody);
        Assert.True(found is null, found);
        Assert.Equal(Cases, count);
    }

    [Theory]
    [InlineData(nameof(Forgetful.Backend))]
    [InlineData(nameof(Forgetful.Frontend))]
    public void An_end_that_forgets_the_final_check_is_caught(string end)
    {
        var (count, found) = Search(CasesMax, Enum.Parse<Forgetful>(end));
        Assert.NotNull(found);
        Assert.Contains("unanswered", found, StringComparison.Ordinal);
        Assert.InRange(count, 1, CasesMax);
    }

    // How many cases were tried, and what the smallest one that fails says.
    private static (int Count, string? Found) Search(int cases, Forgetful end)
    {
        var first = int.Parse(Environment.GetEnvironmentVariable("VBD_PROPERTY_SEED") ?? "1", CultureInfo.InvariantCulture);
        for (var i = 0; i < cases; i++)
        {
            string? found = null;
            var property = Prop.ForAll(Arb.From(All, Smaller), c =>
            {
                var wrong = Play(c, end);
                found = wrong is null ? found : $"{wrong}\n{c}\nAgain: VBD_PROPERTY_SEED={first + i}";
                return wrong is null;
            });
            Check.One(Config.Quick.WithMaxTest(1).WithReplay(new Replay(new Rnd((ulong)(first + i)), 40)).WithRunner(new QuietRunner()), property);
            if (found is not null)
            {
                return (i + 1, found);
            }
        }

        return (cases, null);
    }

    private static string? Play(Case c, Forgetful end)
    {
        var bench = Build(c, end);
        return Play(c, bench) is { } wrong ? $"{wrong}\n  {string.Join("\n  ", bench.Bench.Trace.Records.TakeLast(20).Select(r => $"{r.Time} {r.Sender} to {r.Actor}: {r.Text}"))}" : null;
    }

    private static VbdBench Build(Case c, Forgetful end)
    {
        var bench = new VbdBench(
            c.Kernel, (ulong)c.Seed, c.Vcpus, c.FrontQueues, c.PageOrder, c.Bits32 ? ["x86-32"] : [],
            ("feature-persistent", c.Persistent ? "1" : "0"), ("feature-max-indirect-segments", $"{c.Indirect}"),
            ("feature-flush-cache", c.Flush ? "1" : null), ("multi-queue-max-queues", c.BackQueues == 0 ? null : $"{c.BackQueues}"));
        switch (end)
        {
            case Forgetful.Backend:
                bench.Vbd.BackState.Rings.ForEach(r => r.Ring!.SkipsFinalCheck = true);
                break;
            case Forgetful.Frontend:
                bench.Vbd.FrontState.Rings.ForEach(r => r.Ring.SkipsFinalCheck = true);
                break;
        }

        // As many queues as both ends and the vCPUs allow; Linux 3.1 and a backend that says nothing have one.
        var queues = c.Kernel == "debian12-6.1" ? Math.Min(Math.Max(c.BackQueues, 1), Math.Min(c.FrontQueues, c.Vcpus)) : 1;
        Assert.Equal((queues, queues), (bench.Vbd.FrontState.Rings.Count, bench.Vbd.BackState.Rings.Count));

        return bench;
    }

    private static string? Play(Case c, VbdBench bench)
    {
        var model = bench.Bench.Volumes.Images["/disk"].ToArray();
        var group = new List<(Step Step, long Cookie, byte[] Data)>();
        foreach (var step in c.Steps)
        {
            if (group.Exists(g => Overlap(g.Step, step)) || step.Waits)
            {
                if (Settle(bench, group, model) is { } wrong)
                {
                    return wrong;
                }
            }

            bench.Bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(step.After));
            var limits = bench.Vbd.Disk.Limits;
            if ((step.Operation == BlockOperation.Discard && limits.DiscardGranularity == 0) || (step.Operation == BlockOperation.Flush && !limits.WriteCache))
            {
                continue;
            }

            var data = step.Operation == BlockOperation.Write ? VbdPair.Pattern(step.Count, group.Count + step.Sector) : [];
            var flags = step.Operation == BlockOperation.Write && limits.Fua && step.Count % 3 == 0 ? BlockFlags.Fua : BlockFlags.None;
            var cookie = step.Operation == BlockOperation.Flush
                ? bench.Vbd.Say(step.Operation, 0, 0)
                : bench.Vbd.Say(step.Operation, (ulong)step.Sector, (uint)step.Count, data, flags);
            group.Add((step, cookie, data));
        }

        if (Settle(bench, group, model) is { } last)
        {
            return last;
        }

        bench.Detach();
        return bench.Leftovers() is { Length: > 0 } left ? $"left behind: {left}" : null;
    }

    // What is asked at once overlaps nowhere, so that the model need not know an order.
    private static bool Overlap(Step a, Step b) =>
        a.Operation != BlockOperation.Flush && b.Operation != BlockOperation.Flush && a.Sector < b.Sector + b.Count && b.Sector < a.Sector + a.Count;

    private static string? Settle(VbdBench bench, List<(Step Step, long Cookie, byte[] Data)> group, byte[] model)
    {
        // Far longer than all of it takes.
        bench.Bench.Run(200);
        var done = bench.Vbd.Done;
        foreach (var (step, cookie, data) in group)
        {
            var answers = done.Where(d => d.Cookie == cookie).ToList();
            if (answers.Count != 1)
            {
                return answers.Count == 0 ? $"unanswered: {step}" : $"{answers.Count} answers: {step}";
            }

            if (answers[0].Status != BlockStatus.Ok)
            {
                return $"{answers[0].Status}: {step}";
            }

            var place = model.AsSpan(step.Sector * 512, step.Count * 512);
            switch (step.Operation)
            {
                case BlockOperation.Read when !answers[0].Data.AsSpan().SequenceEqual(place):
                    return $"wrong data: {step}";
                case BlockOperation.Write:
                    data.CopyTo(place);
                    break;
                case BlockOperation.Discard:
                    place.Clear();
                    break;
            }
        }

        group.Clear();
        return model.AsSpan().SequenceEqual(bench.Bench.Volumes.Images["/disk"]) ? null : "the volume is not as the model";
    }
}
