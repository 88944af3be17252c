using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>What is wrong with a sector.</summary>
public enum StampVerdict : byte
{
    Good,

    /// <summary>A write that was answered is not there: the sector holds what it held before, or nobody's bytes.</summary>
    Lost,

    /// <summary>Part of a write is there: of its sectors some hold it and some do not, or the bytes of one are not all of one write.</summary>
    Torn,

    /// <summary>The first read brought an old write, and another read the new one.</summary>
    Stale,

    /// <summary>Another sector's bytes, or another writer's.</summary>
    Misplaced,
}

/// <summary>
/// What a verifying writer may find in each sector of its region: not older than the last write that was answered before the question, not newer than
/// the last that was sent; after a power loss, not older than what was durable.
/// </summary>
[Codec]
public sealed partial class StampLedger
{
    public required ushort Domain { get; init; }

    public required ushort Writer { get; init; }

    /// <summary>The region's first sector on the device.</summary>
    public required ulong First { get; init; }

    /// <summary>By sector: the last write answered, its place among all answers, and a write that is durable for certain; 0 for none.</summary>
    private long[] Answered { get; init; } = [];

    private long[] AnsweredAt { get; init; } = [];

    private long[] Durable { get; init; } = [];

    public ulong Sectors => (ulong)Answered.Length;

    /// <summary>Writes stamped.</summary>
    public long Writes { get; private set; }

    /// <summary>Writes answered.</summary>
    public long Answers { get; private set; }

    private long DurableUpTo { get; set; }

    public static StampLedger Create(ushort domain, ushort writer, ulong first, ulong sectors) => new()
    {
        Domain = domain,
        Writer = writer,
        First = first,
        Answered = new long[sectors],
        AnsweredAt = new long[sectors],
        Durable = new long[sectors],
    };

    /// <summary>The oldest write that a read which begins now may bring.</summary>
    public long Expected(ulong sector) => Answered[sector - First];

    /// <summary>The oldest write that a power loss may leave.</summary>
    public long ExpectedAfterPowerLoss(ulong sector)
    {
        var i = sector - First;
        return AnsweredAt[i] <= DurableUpTo ? Answered[i] : Durable[i];
    }

    /// <summary>The bytes of a new write, and its number.</summary>
    public byte[] Stamp(ulong sector, int count, out long write)
    {
        write = ++Writes;
        var data = new byte[count * SectorStamp.SectorSize];
        for (var i = 0; i < count; i++)
        {
            new SectorStamp(Domain, Writer, sector + (ulong)i, (ulong)write).WriteTo(data.AsSpan(i * SectorStamp.SectorSize));
        }

        return data;
    }

    public void WriteAnswered(ulong sector, int count, long write)
    {
        Answers++;
        for (var i = sector - First; i < sector - First + (ulong)count; i++)
        {
            if (AnsweredAt[i] <= DurableUpTo)
            {
                Durable[i] = Answered[i];
            }

            if (write > Answered[i])
            {
                Answered[i] = write;
                AnsweredAt[i] = Answers;
            }
        }
    }

    /// <summary>A sync has been answered that was sent after so many answers.</summary>
    public void Synced(long answers) => DurableUpTo = Math.Max(DurableUpTo, answers);

    /// <summary>Looks at a sector. <paramref name="least"/>: the oldest write that it may hold; 0 allows what was there before any.</summary>
    /// <param name="found">The write that it holds; 0 for none of ours.</param>
    public StampVerdict Check(ulong sector, ReadOnlySpan<byte> bytes, long least, out long found)
    {
        found = 0;
        if (!SectorStamp.TryRead(bytes, out var stamp, out var whole))
        {
            return least == 0 ? StampVerdict.Good : StampVerdict.Lost;
        }

        if (!whole)
        {
            return StampVerdict.Torn;
        }

        if (stamp.Domain != Domain || stamp.Writer != Writer || stamp.Sector != sector)
        {
            // An earlier run's stamps are what was there before.
            return least == 0 && stamp.Sector == sector ? StampVerdict.Good : StampVerdict.Misplaced;
        }

        found = (long)stamp.Write;
        return found >= least ? StampVerdict.Good : StampVerdict.Lost;
    }
}
