using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Machine;

/// <summary>A disk of 128 sectors with a volatile cache, and somebody who asks it.</summary>
internal sealed class DiskBench
{
    private static readonly VolumeId Disk = new(2);

    public DiskBench(DiskProfile? profile = null, ulong seed = 1)
    {
        var builder = new SimulatorBuilder(seed);
        builder.Ports.Add(Volumes);
        var phys = builder.AddProcess("phys");
        Simulator = builder.Build();
        Actor = Simulator.Spawn<DiskActor, DiskState>(phys, "disks", new DiskState { Profile = profile ?? Profile(), JitterPercent = 0 });
        Asker = new Peer(Simulator, Simulator.Spawn<PeerActor, PeerState>(phys, "asker", new PeerState()));
    }

    public MemoryVolumes Volumes { get; } = new();

    public Simulator Simulator { get; }

    public ActorRef Actor { get; }

    public Peer Asker { get; }

    public DiskState State => Simulator.StateOf<DiskState>(Actor)!;

    /// <summary>100 us a read, 10 us a write into 32 KiB of cache, 1 ms a flush, 100 bytes a microsecond, 4 at once.</summary>
    public static DiskProfile Profile() => new()
    {
        Latency = VirtualDuration.FromMicroseconds(100),
        SequentialLatency = VirtualDuration.FromMicroseconds(50),
        Bandwidth = 100_000_000,
        QueueDepth = 4,
        WriteCache = 32 << 10,
        CacheLatency = VirtualDuration.FromMicroseconds(10),
        FlushLatency = VirtualDuration.FromMilliseconds(1),
    };

    public static byte[] Sectors(byte mark, int count) => [.. Enumerable.Repeat(mark, count * 512)];

    public void Read(ulong sector, uint count, long cookie) => Asker.Say(Actor, new DiskRead(Disk, sector, count, cookie));

    public void Write(ulong sector, byte[] data, bool fua = false, long cookie = 1) => Asker.Say(Actor, new DiskWrite(Disk, sector, data, fua, cookie));

    public void Flush() => Asker.Say(Actor, new DiskFlush(Disk, 99));

    public void Discard(ulong sector, ulong count) => Asker.Say(Actor, new DiskDiscard(Disk, sector, count, false, 98));

    public void CutPower() => Simulator.Tell(Actor, new PowerLost());

    public void Run(long microseconds) => Simulator.RunFor(VirtualDuration.FromMicroseconds(microseconds));

    public byte[] Medium(ulong sector, int count) => Volumes.Images["/disk"][((int)sector * 512)..(((int)sector + count) * 512)];

    public byte[] Seen(ulong sector, uint count)
    {
        Read(sector, count, 1000);
        Run(100_000);
        return Asker.All<DiskDone>().FindLast(d => d.Cookie == 1000).Data;
    }
}
