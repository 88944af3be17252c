using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Block.Front;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A vbd with the real drivers at both ends; the test is toolstack and block layer.</summary>
internal sealed class VbdPair
{
    private readonly DeviceBench bench;
    private readonly ScriptedGuest guest;
    private readonly int number;
    private long cookie;

    public VbdPair(DeviceBench bench, ScriptedGuest guest, int number = 51712, string image = "/disk", string mode = "w")
    {
        this.bench = bench;
        this.guest = guest;
        this.number = number;
        Create(image, mode);
    }

    public string Back => $"{DeviceBench.BackHome}/backend/vbd/29/{number}";

    public string Front => $"{DeviceBench.GuestHome}/device/vbd/{number}";

    public ActorRef FrontActor => bench.Simulator.Find($"dom29/xenbus/vbd-{number}");

    public ActorRef BackActor => bench.Simulator.Find($"dom0/xenbus/vbd-29-{number}");

    public BlkfrontState FrontState => bench.Simulator.StateOf<BlkfrontState>(FrontActor)!;

    public BlkbackState BackState => bench.Simulator.StateOf<BlkbackState>(BackActor)!;

    public DiskAppeared Disk => guest.Kernel.Last<DiskAppeared>();

    public List<BlockDone> Done => guest.Kernel.All<BlockDone>();

    /// <summary>The device's nodes as the toolstack makes them, script and all.</summary>
    public void Create(string image = "/disk", string mode = "w", bool front = true)
    {
        if (front)
        {
            bench.Directory(
                Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("virtual-device", $"{number}"), ("device-type", "disk"), ("state", "1"));
        }

        bench.Directory(
            Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("params", image), ("mode", mode), ("removable", "0"), ("online", "1"),
            ("state", "1"));
        bench.Run();
        bench.Write(Back + "/physical-device", "7:0");
        bench.Write(Back + "/hotplug-status", "connected");
        bench.Run();
    }

    public long Say(BlockOperation operation, ulong sector, uint count, byte[]? data = null, BlockFlags flags = BlockFlags.None)
    {
        guest.Kernel.Say(FrontActor, new BlockRequest(++cookie, operation, flags, sector, count, data ?? []));
        return cookie;
    }

    /// <summary>One request, and its answer.</summary>
    public BlockDone Ask(BlockOperation operation, ulong sector, uint count, byte[]? data = null, BlockFlags flags = BlockFlags.None)
    {
        var asked = Say(operation, sector, count, data, flags);
        bench.Run();
        return Assert.Single(Done, d => d.Cookie == asked);
    }

    public byte[] Read(ulong sector, uint count)
    {
        var done = Ask(BlockOperation.Read, sector, count);
        Assert.Equal(BlockStatus.Ok, done.Status);
        return done.Data;
    }

    public void Write(ulong sector, byte[] data) =>
        Assert.Equal(BlockStatus.Ok, Ask(BlockOperation.Write, sector, (uint)data.Length / 512, data).Status);

    /// <summary>Bytes of which no two sectors are alike.</summary>
    public static byte[] Pattern(int sectors, int seed)
    {
        var data = new byte[sectors * 512];
        new Random(seed).NextBytes(data);
        return data;
    }
}
