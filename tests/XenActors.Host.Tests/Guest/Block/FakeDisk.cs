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

    public VirtualDuration Latency { get; init; } = VirtualDuration.FromMicroseconds(100);
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
        for (var i = 0u; status == BlockStatus.Ok && i < m.Count; i++)
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
                    State.Volatile[m.Sector + i] = sector.ToArray();
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
