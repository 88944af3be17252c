using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Guest.Block;

/// <summary>A block layer over one disk in memory, <c>xvda</c>, each of whose sectors begins with its own number.</summary>
internal sealed class BlockBench
{
    public const ulong Sectors = 4096;

    public BlockBench(DiskLimits? limits = null, bool readOnly = false, long memoryMib = 64, ulong sectors = Sectors)
    {
        var builder = new SimulatorBuilder(1);
        var guest = builder.AddProcess("guest");
        Simulator = builder.Build();
        Layer = Simulator.Spawn<BlockLayerActor, BlockLayerState>(guest, "block", BlockLayerState.Create(memoryMib));
        Driver = Simulator.Spawn<FakeDisk, FakeDiskState>(guest, "disk", new FakeDiskState { Image = Image(sectors) });
        User = new Peer(Simulator, Simulator.Spawn<PeerActor, PeerState>(guest, "user", new PeerState()));
        Appeared = new DiskAppeared("xvda", 202, 0, 16, sectors, readOnly, false, "xen-blkfront", Driver)
        {
            Limits = limits ?? new DiskLimits { MaxSectors = 64, QueueDepth = 4, WriteCache = true, Fua = false, DiscardGranularity = 4096 },
        };
        Simulator.Tell(Layer, Appeared);
        Simulator.Tell(Layer, new PartitionsFound("xvda", [new GuestPartition(1, 8, 1000), new GuestPartition(3, 2048, 1024)]));
        Run();
    }

    public Simulator Simulator { get; }

    public ActorRef Layer { get; }

    public ActorRef Driver { get; }

    public Peer User { get; }

    public DiskAppeared Appeared { get; }

    public FakeDiskState Disk => Simulator.StateOf<FakeDiskState>(Driver)!;

    public BlockLayerState State => Simulator.StateOf<BlockLayerState>(Layer)!;

    public List<BlockRequest> Heard => Disk.Heard;

    public static byte[] Sector(int mark, uint count = 1) => [.. Enumerable.Range(0, (int)count).SelectMany(i => Enumerable.Repeat((byte)(mark + i), 512))];

    public void Run(long milliseconds = 20) => Simulator.RunFor(VirtualDuration.FromMilliseconds(milliseconds));

    public uint Open(string device = "xvda", BlockOpenFlags flags = BlockOpenFlags.Direct)
    {
        User.Tell(Layer, new BlockOpen(device, flags, 1));
        var opened = User.Last<BlockOpened>();
        Assert.Equal(BlockErrno.None, opened.Error);
        return opened.Handle;
    }

    public void Say(uint handle, BlockIoOperation operation, ulong sector = 0, uint count = 0, byte[]? data = null, long cookie = 7, BlockIoFlags flags = BlockIoFlags.None) =>
        User.Say(Layer, new BlockIo(handle, operation, flags, sector, count, data ?? [], cookie));

    public BlockIoDone Do(uint handle, BlockIoOperation operation, ulong sector = 0, uint count = 0, byte[]? data = null, BlockIoFlags flags = BlockIoFlags.None)
    {
        var before = User.All<BlockIoDone>().Count;
        Say(handle, operation, sector, count, data, 7 + before, flags);
        Run(200);
        var answers = User.All<BlockIoDone>();
        Assert.Equal(before + 1, answers.Count);
        Assert.Equal(7 + before, answers[^1].Cookie);
        return answers[^1];
    }

    public byte[] Read(uint handle, ulong sector, uint count)
    {
        var done = Do(handle, BlockIoOperation.Read, sector, count);
        Assert.Equal(BlockErrno.None, done.Error);
        return done.Data;
    }

    private static byte[] Image(ulong sectors)
    {
        var image = new byte[sectors * 512];
        for (var i = 0ul; i < sectors; i++)
        {
            BitConverter.TryWriteBytes(image.AsSpan((int)i * 512), i);
        }

        return image;
    }
}
