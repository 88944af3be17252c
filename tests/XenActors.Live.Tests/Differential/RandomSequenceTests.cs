using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using XenActors.Abi;
using XenActors.Tests.Live.Debian;
using Xunit.Abstractions;

namespace XenActors.Tests.Live.Differential;

/// <summary>
/// The same random sequences for our store, called directly and through its server, and for Debian's C xenstored 4.17: every reply, every watch event and their order are the same,
/// but for what <see cref="KnownDifferences"/> lists.
/// </summary>
public sealed class RandomSequenceTests(ITestOutputHelper output)
{
    private const int SequenceSize = 50;
    private const int ServerEvery = 5; // the core is the same in all; this one has its sockets and rings around it
    private const int SequencesThatMeetAll = 5_000;

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    [DebianFact(DebianNeeds.Daemon)]
    public void Every_sequence_is_answered_as_by_the_C_daemon()
    {
        var (first, count) = (Setting("XENSTORE_DIFFERENTIAL_SEED", 1), Setting("XENSTORE_DIFFERENTIAL_COUNT", 10_000));
        using var peers = new Peers();
        for (var seed = first; seed < first + count; seed++)
        {
            Difference? found = null;
            var property = Prop.ForAll(Arb.From(Sequences.All, Shrinking.Smaller), steps =>
            {
                var difference = peers.Play(steps, seed % ServerEvery == 0);
                found = difference ?? found;
                return difference is null;
            });
            var replay = new Replay(new Rnd((ulong)seed), SequenceSize);
            var config = Config.Quick.WithMaxTest(1).WithReplay(replay).WithRunner(new SilentRunner());
            Check.One(config, property);
            if (found is not null) Assert.Fail(Tell(seed, found));
        }

        if (count >= SequencesThatMeetAll) AssertThatAllWasMet(peers.Tally);
        output.WriteLine($"{count} sequences from seed {first}: no difference\n{peers.Tally}");
    }

    // Sequences that never come to what is to be compared compare nothing.
    private static void AssertThatAllWasMet(Tally tally)
    {
        XsWireType[] never = [XsWireType.WatchEvent, XsWireType.Error, XsWireType.GetFeature, XsWireType.SetFeature, XsWireType.GetQuota, XsWireType.SetQuota];
        foreach (var type in Enum.GetValues<XsWireType>()) Assert.True(tally.Of(type, never.Contains(type) ? "ENOSYS" : "done") > 0, $"{type}\n{tally}");
        foreach (var (type, errors) in ((XsWireType, string)[])
        [
            (XsWireType.TransactionEnd, "EAGAIN ENOMEM ENOSPC ENOENT EINVAL"), (XsWireType.TransactionStart, "EBUSY ENOSPC ENOENT"),
            (XsWireType.Watch, "EEXIST E2BIG EINVAL"), (XsWireType.Unwatch, "ENOENT EINVAL"), (XsWireType.Write, "EACCES EINVAL ENOENT ENOSPC"),
            (XsWireType.Mkdir, "EACCES EINVAL ENOSPC"), (XsWireType.Rm, "EACCES EINVAL EIO ENOENT ENOSPC"), (XsWireType.Read, "EACCES EINVAL ENOENT ENOSPC"),
            (XsWireType.SetPerms, "EACCES EINVAL ENOENT ENOSPC EPERM"), (XsWireType.DirectoryPart, "EACCES EINVAL ENOENT"),
            (XsWireType.Introduce, "EACCES EINVAL"), (XsWireType.Release, "EACCES EINVAL ENOENT"), (XsWireType.SetTarget, "EACCES ENOENT"),
        ])
        {
            foreach (var error in errors.Split(' ')) Assert.True(tally.Of(type, error) > 0, $"{type} {error}\n{tally}");
        }

        Assert.True(tally.Events > 2 * SequencesThatMeetAll, tally.ToString());
    }

    // The last sequence that failed is the smallest one that shrinking came to.
    private static string Tell(int seed, Difference found) =>
        $"""
        Not all answer the same: {found.What}

        The shortest sequence found:
        {string.Join('\n', found.Steps.Select((step, i) => $"{i + 1,3}  {step}"))}

        Again: XENSTORE_DIFFERENTIAL_SEED={seed} XENSTORE_DIFFERENTIAL_COUNT=1 dotnet test tests/XenActors.Live.Tests -c Release --filter {nameof(RandomSequenceTests)}
        """;
}
