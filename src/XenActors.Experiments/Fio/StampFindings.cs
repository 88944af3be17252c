using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>What a verifying writer has found: sectors by what is wrong with them, and the first of them in words.</summary>
[Codec]
public sealed partial class StampFindings
{
    private const int WordsMax = 20;

    public long Checked { get; set; }

    public long Lost { get; set; }

    public long Torn { get; set; }

    public long Stale { get; set; }

    public long Misplaced { get; set; }

    public List<string> Words { get; init; } = [];

    public long Bad => Lost + Torn + Stale + Misplaced;

    public void Add(StampVerdict verdict, ulong sector, long expected, long found)
    {
        switch (verdict)
        {
            case StampVerdict.Lost:
                Lost++;
                break;
            case StampVerdict.Torn:
                Torn++;
                break;
            case StampVerdict.Stale:
                Stale++;
                break;
            case StampVerdict.Misplaced:
                Misplaced++;
                break;
            default:
                return;
        }

        if (Words.Count < WordsMax)
        {
            Words.Add(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"sector {sector}: {verdict.ToString().ToLowerInvariant()}: expected write {expected}{(found == 0 ? "" : $" but found write {found}")}"));
        }
    }

    /// <summary>
    /// Takes a read of several sectors apart. A sector that lacks a write of which a neighbour in the same read holds its part is torn, not lost.
    /// </summary>
    public void Judge(StampLedger ledger, ulong sector, ReadOnlySpan<byte> data, ReadOnlySpan<long> least)
    {
        var present = new SortedSet<long>();
        var verdicts = new (StampVerdict Verdict, long Found)[least.Length];
        for (var i = 0; i < least.Length; i++)
        {
            verdicts[i].Verdict = ledger.Check(sector + (ulong)i, data.Slice(i * SectorStamp.SectorSize, SectorStamp.SectorSize), least[i], out verdicts[i].Found);
            present.Add(verdicts[i].Found);
        }

        Checked += least.Length;
        for (var i = 0; i < least.Length; i++)
        {
            var (verdict, found) = verdicts[i];
            Add(verdict == StampVerdict.Lost && present.Contains(least[i]) ? StampVerdict.Torn : verdict, sector + (ulong)i, least[i], found);
        }
    }
}
