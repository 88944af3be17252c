using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>
/// A host's disks: volumes read and written in virtual order, through the <see cref="IVolumes"/> port. A write is answered from the disk's cache where it
/// has one; a flush or FUA makes it durable; what neither has reached is lost with the power, or some of it.
/// </summary>
public sealed class DiskActor : Actor<DiskState>
{
    private const int SectorSize = 512;
    private const ulong SectorsMax = long.MaxValue / SectorSize;

    // What nobody flushes leaves the cache after a while all the same.
    private static readonly VirtualDuration DestageAfter = VirtualDuration.FromSeconds(1);

    private DiskProfile Profile => State.Profile;

    private IVolumes Volumes => Context.Port<IVolumes>();

    public void On(in DiskRead m)
    {
        if (State.Off)
        {
            return;
        }

        State.Reads++;
        if (Fails(m.Volume, DiskFaultReach.Reads) is { } failure)
        {
            Answer(m.Cookie, failure.Order.Status, [], State.Unit(m.Volume).Serve(Context.Now.Nanoseconds, Jitter(Profile.Latency), 0, 1));
            return;
        }

        var length = m.Count * (long)SectorSize;
        if (m.Sector > SectorsMax || length > int.MaxValue)
        {
            Answer(m.Cookie, DiskStatus.IoError, [], Context.Now.Nanoseconds);
            return;
        }

        var unit = State.Unit(m.Volume);
        var data = unit.Cache.Blocks.Count == 0
            ? Volumes.Read(m.Volume, m.Sector * SectorSize, (int)length)
            : ReadThroughCache(m.Volume, unit, m.Sector, (int)length);
        var latency = unit.GoesOn(m.Sector, m.Count) ? Profile.SequentialLatency : Profile.Latency;
        Answer(m.Cookie, Status(data is not null), data ?? [], unit.Serve(Context.Now.Nanoseconds, Jitter(latency), length, Profile.Bandwidth));
    }

    public void On(in DiskWrite m)
    {
        if (State.Off)
        {
            return;
        }

        State.Writes++;
        if (Fails(m.Volume, DiskFaultReach.Writes) is { } failure)
        {
            Tear(in m, failure);
            Answer(m.Cookie, failure.Order.Status, [], State.Unit(m.Volume).Serve(Context.Now.Nanoseconds, Jitter(Profile.Latency), 0, 1));
            return;
        }

        var unit = State.Unit(m.Volume);
        var now = Context.Now.Nanoseconds;
        var sequential = unit.GoesOn(m.Sector, (ulong)(m.Data.Length / SectorSize));
        if (!Fits(m.Volume, m.Sector, (ulong)(m.Data.Length / SectorSize)))
        {
            Answer(m.Cookie, DiskStatus.IoError, [], unit.Serve(now, Profile.CacheLatency, 0, 1));
        }
        else if (m.Fua || Profile.WriteCache == 0)
        {
            unit.Cache.Forget(m.Sector, (ulong)(m.Data.Length / SectorSize));
            var ok = Put(m.Volume, m.Sector, m.Data) && (!m.Fua || Volumes.Flush(m.Volume));
            var latency = Profile.WriteCache == 0 ? Profile.CacheLatency : sequential ? Profile.SequentialLatency : Profile.Latency;
            Answer(m.Cookie, Status(ok), [], unit.Serve(now, Jitter(latency), m.Data.Length, Profile.Bandwidth));
        }
        else
        {
            unit.Cache.Write(m.Sector, m.Data, Context.Now);
            var ok = true;
            var begin = now;
            while (unit.Cache.Bytes > Profile.WriteCache && unit.Cache.TakeOldest(out var run))
            {
                // There is no room before the oldest is on the medium.
                ok &= Put(m.Volume, run.Sector, run.Bytes);
                begin = unit.Serve(now, Profile.Latency, run.Bytes.Length, Profile.Bandwidth);
            }

            StartDestaging();
            Answer(m.Cookie, Status(ok), [], unit.Transfer(begin, Jitter(Profile.CacheLatency), m.Data.Length, Profile.Bandwidth));
        }
    }

    public void On(in DiskFlush m)
    {
        if (State.Off)
        {
            return;
        }

        State.Flushes++;
        if (Fails(m.Volume, DiskFaultReach.Flushes) is { } failure)
        {
            Answer(m.Cookie, failure.Order.Status, [], State.Unit(m.Volume).Serve(Context.Now.Nanoseconds, Jitter(Profile.Latency), 0, 1));
            return;
        }

        var unit = State.Unit(m.Volume);
        var bytes = unit.Cache.Bytes;
        var ok = Destage(m.Volume, unit, null) & Volumes.Flush(m.Volume);
        var now = Context.Now.Nanoseconds;
        Answer(m.Cookie, Status(ok), [], unit.Serve(Math.Max(now, unit.Idle(now)), Jitter(Profile.FlushLatency), bytes, Profile.Bandwidth));
    }

    public void On(in DiskDiscard m)
    {
        if (State.Off)
        {
            return;
        }

        var unit = State.Unit(m.Volume);
        var ok = Fits(m.Volume, m.Sector, m.Count);
        if (ok)
        {
            unit.Cache.Forget(m.Sector, m.Count);
            ok = Volumes.Discard(m.Volume, m.Sector * SectorSize, m.Count * SectorSize);
            Context.Note(new MediumDiscarded(m.Volume, m.Sector, m.Count));
        }

        Answer(m.Cookie, Status(ok), [], unit.Serve(Context.Now.Nanoseconds, Jitter(Profile.CacheLatency), 0, 1));
    }

    public void On(in DestageDue m)
    {
        State.Destaging = false;
        for (var i = 0; i < State.Units.Count && !State.Off; i++)
        {
            Destage(new VolumeId(i), State.Units[i], Context.Now - DestageAfter);
            if (State.Units[i].Cache.Oldest() is not null)
            {
                StartDestaging();
            }
        }
    }

    /// <summary>A volume is longer or shorter now. One that lies in a file of the user's cannot become longer than that.</summary>
    public void On(in DiskResized m)
    {
        if (Volumes.Find(m.Volume) is { } info)
        {
            State.Sizes[m.Volume.Number] = m.Sectors <= info.Sectors || Volumes.Grow(m.Volume, m.Sectors) ? m.Sectors : info.Sectors;
        }
    }

    public void On(in PowerLost m)
    {
        State.Off = true;
        for (var i = 0; i < State.Units.Count; i++)
        {
            var cache = State.Units[i].Cache;
            foreach (var block in cache.Blocks.Values)
            {
                State.SectorsLost += int.PopCount(block.Sectors);
            }

            foreach (var run in cache.Lose(ref Context.Random))
            {
                Put(new VolumeId(i), run.Sector, run.Bytes);
                State.SectorsLost -= run.Bytes.Length / SectorSize;
            }
        }
    }

    // What lies in the cache is newer than the medium.
    private byte[]? ReadThroughCache(VolumeId volume, DiskUnit unit, ulong sector, int length)
    {
        var data = GC.AllocateUninitializedArray<byte>(length);
        if (!Volumes.Read(volume, sector * SectorSize, data))
        {
            return null;
        }

        unit.Cache.Overlay(sector, data);
        return data;
    }

    public void On(in PowerRestored m) => State.Off = false;

    public void On(in InjectDiskFault m)
    {
        var volume = m.Volume;
        State.Faults.RemoveAll(f => f.Order.Volume == volume);
        if (m.Status != DiskStatus.Ok)
        {
            State.Faults.Add(new DiskFault { Order = m });
        }
    }

    // The order that this request meets, if any.
    private DiskFault? Fails(VolumeId volume, DiskFaultReach request)
    {
        foreach (var fault in State.Faults)
        {
            if (fault.Reaches(volume, request) && Context.Random.NextChance(fault.Order.Chance))
            {
                fault.Done++;
                State.FaultsDone++;
                return fault;
            }
        }

        return null;
    }

    // A drive that fails in the middle of a write: what it had got to is there, the rest is as it was.
    private void Tear(in DiskWrite m, DiskFault fault)
    {
        var sectors = m.Data.Length / SectorSize;
        if (fault.Order.Torn && sectors > 0 && Fits(m.Volume, m.Sector, (ulong)sectors))
        {
            var written = (int)Context.Random.Next(sectors);
            State.Unit(m.Volume).Cache.Forget(m.Sector, (ulong)written);
            Volumes.Write(m.Volume, m.Sector * SectorSize, m.Data.AsSpan(0, written * SectorSize));
        }
    }

    private static DiskStatus Status(bool ok) => ok ? DiskStatus.Ok : DiskStatus.IoError;

    private bool Fits(VolumeId volume, ulong sector, ulong count) =>
        Volumes.Find(volume) is { ReadOnly: false } info && State.Sizes.GetValueOrDefault(volume.Number, info.Sectors) is var sectors
            && sector <= sectors && count <= sectors - sector;

    // What is older than that, or everything, goes to the medium.
    private bool Destage(VolumeId volume, DiskUnit unit, VirtualTime? before)
    {
        var ok = true;
        while ((before is null || unit.Cache.Oldest() <= before) && unit.Cache.TakeOldest(out var run))
        {
            ok &= Put(volume, run.Sector, run.Bytes);
        }

        return ok;
    }

    // Onto the medium. What fails is not there.
    private bool Put(VolumeId volume, ulong sector, ReadOnlyMemory<byte> bytes)
    {
        var ok = Volumes.Write(volume, sector * SectorSize, bytes.Span);
        if (ok)
        {
            Context.Note(new MediumWritten(volume, sector, bytes));
        }

        return ok;
    }

    private void StartDestaging()
    {
        if (!State.Destaging)
        {
            State.Destaging = true;
            Context.StartTimer(new DestageDue(), DestageAfter);
        }
    }

    private VirtualDuration Jitter(VirtualDuration latency) => Context.Random.Jitter(latency, State.JitterPercent);

    private void Answer(long cookie, DiskStatus status, byte[] data, long at) =>
        Context.Tell(Sender, new DiskDone(cookie, status, data), new VirtualDuration(at - Context.Now.Nanoseconds));
}
