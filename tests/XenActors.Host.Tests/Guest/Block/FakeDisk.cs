using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Tests.Guest.Block;

[Codec]
public sealed partial class FakeDiskState
{
    public required byte[] Image { get; init; }

    /// <summary>What was written and not flushed: sector by sector.</summary>
    public SortedDictionary<ulong, byte[]> Volatile { get; } = [];

    public List<BlockRequest> Heard { get; } = [];

    public int Out { get; set; }

    public int OutMax { get; set; }

    /// <summary>Requests that touch this sector fail.</summary>
    public ulong? BadSector { get; set; }

    /// <summary>What the disk does wrong with the request that touches <see cref="LieSector"/>, once.</summary>
    public DiskLie Lie { get; set; }

    public ulong LieSector { get; set; }

    public VirtualDuration Latency { get; init; } = VirtualDuration.FromMicroseconds(100);
}

public enum DiskLie : byte
{
    None,

    /// <summary>Answers a write and forgets it.</summary>
    Lose,

    /// <summary>Writes the first half of the sectors only.</summary>
    Tear,

    /// <summary>Writes eight sectors behind the place.</summary>
    Misplace,

    /// <summary>Reads zeroes once.</summary>
    ReadOld,
}

[Codec]
public readonly partial record struct FakeDiskDue(ActorRef Asker, BlockRequest Request);

/// <summary>A disk driver over memory, each request taking the same time; what is not flushed stands apart.</summary>
public sealed class FakeDisk : Actor<FakeDiskState>
{
    public void On(in BlockRequest m)
    {
        State.Heard.Add(m);
        State.OutMax = Math.Max(State.OutMax, ++State.Out);
        Context.StartTimer(new FakeDiskDue(Sender, m), State.Latency);
    }

    public void On(in FakeDiskDue due)
    {
        State.Out--;
        var m = due.Request;
        var status = m.Sector <= State.BadSector && State.BadSector < m.Sector + m.Count ? BlockStatus.IoError : BlockStatus.Ok;
        byte[] data = [];
        var lie = m.Sector <= State.LieSector && State.LieSector < m.Sector + m.Count && (m.Operation == BlockOperation.Read) == (State.Lie == DiskLie.ReadOld)
            ? State.Lie
            : DiskLie.None;
        if (lie != DiskLie.None)
        {
            State.Lie = DiskLie.None;
            data = lie == DiskLie.ReadOld ? new byte[m.Count * 512] : [];
        }

        for (var i = 0u; status == BlockStatus.Ok && lie is not (DiskLie.Lose or DiskLie.ReadOld) && i < (lie == DiskLie.Tear ? m.Count / 2 : m.Count); i++)
        {
            var place = State.Image.AsSpan((int)(m.Sector + i) * 512, 512);
            if (m.Operation == BlockOperation.Read)
            {
                data = data.Length == 0 ? new byte[m.Count * 512] : data;
                (State.Volatile.TryGetValue(m.Sector + i, out var cached) ? cached : place).CopyTo(data.AsSpan((int)i * 512));
            }
            else if (m.Operation == BlockOperation.Write)
            {
                var sector = m.Data.AsSpan((int)i * 512, 512);
                if (m.Flags.HasFlag(BlockFlags.Fua))
                {
                    sector.CopyTo(place);
                    State.Volatile.Remove(m.Sector + i);
                }
                else
                {
                    State.Volatile[m.Sector + i + (lie == DiskLie.Misplace ? 8u : 0u)] = sector.ToArray();
                }
            }
        }

        if (m.Operation == BlockOperation.Flush)
        {
            foreach (var (sector, bytes) in State.Volatile)
            {
                bytes.CopyTo(State.Image, (int)sector * 512);
            }

            State.Volatile.Clear();
        }

        Context.Tell(due.Asker, new BlockDone(m.Cookie, status, data));
    }
}
