using XenActors.Simulation;

namespace XenActors.Machine.Disks;

[Codec]
public sealed partial class DiskState
{
    /// <summary>From request to answer, for a small request.</summary>
    public required VirtualDuration Latency { get; set; }

    /// <summary>Bytes per second of one volume.</summary>
    public required long Bandwidth { get; set; }

    public long Reads { get; set; }

    public long Writes { get; set; }
}

/// <summary>A host's disks: volumes read and written in virtual order, through the <see cref="IVolumes"/> port.</summary>
public sealed class DiskActor : Actor<DiskState>
{
    private const int SectorSize = 512;

    public void On(in DiskRead m)
    {
        State.Reads++;
        var data = new byte[m.Count * SectorSize];
        var ok = m.Sector <= ulong.MaxValue / SectorSize && Context.Port<IVolumes>().Read(m.Volume, m.Sector * SectorSize, data);
        Answer(new DiskDone(m.Cookie, Status(ok), ok ? data : []), data.Length);
    }

    public void On(in DiskWrite m)
    {
        State.Writes++;
        var ok = m.Sector <= ulong.MaxValue / SectorSize && Context.Port<IVolumes>().Write(m.Volume, m.Sector * SectorSize, m.Data);
        Answer(new DiskDone(m.Cookie, Status(ok && (!m.Fua || Context.Port<IVolumes>().Flush(m.Volume))), []), m.Data.Length);
    }

    public void On(in DiskFlush m) => Answer(new DiskDone(m.Cookie, Status(Context.Port<IVolumes>().Flush(m.Volume)), []), 0);

    public void On(in DiskDiscard m)
    {
        var ok = m.Count <= ulong.MaxValue / SectorSize && m.Sector <= ulong.MaxValue / SectorSize - m.Count
            && Context.Port<IVolumes>().Discard(m.Volume, m.Sector * SectorSize, m.Count * SectorSize);
        Answer(new DiskDone(m.Cookie, Status(ok), []), 0);
    }

    private static DiskStatus Status(bool ok) => ok ? DiskStatus.Ok : DiskStatus.IoError;

    private void Answer(in DiskDone done, int bytes)
    {
        var transfer = new VirtualDuration(bytes * 1_000_000_000L / State.Bandwidth);
        Context.Tell(Sender, in done, Context.Random.Jitter(State.Latency, 20) + transfer);
    }
}
