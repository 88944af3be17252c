using XenActors.DeviceModel;
using XenActors.DeviceModel.Ide;
using XenActors.Experiments.Profiles;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.Guest;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>The recorded guest on a whole host, without the platform device: booted, its disk is sda. A peer in its kernel uses the drivers.</summary>
internal sealed class EmulatedMachine
{
    private readonly Peer user;
    private long cookie;

    public EmulatedMachine(ulong diskSectors = 131072, string commandLine = "", string cd = "'file:/g/x.iso,hdc:cdrom,r'", bool platform = false)
    {
        Volumes = new(diskSectors);
        var host = HostProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "hosts"), "debian12-xen-4.17");
        var config = Toolstack.Libxl.Bench.File("guest.cfg.txt").Replace("'file:/g/x.iso,hdc:cdrom,r'", cd, StringComparison.Ordinal)
            .Replace("xen_platform_pci=1", platform ? "xen_platform_pci=1" : "xen_platform_pci=0", StringComparison.Ordinal);
        var order = new GuestOrder(
            config, "guest.cfg", KernelProfiles.Load(GuestBench.Kernels, "debian12-6.1"), "loglevel=9 " + commandLine, 1, Toolstack.Libxl.Bench.Uuid);
        Machine = XenMachine.Build(host, [order], Volumes, 1, EngineOptions.Sequential);
        Domain = Machine.Guests[0];
        Machine.Simulator.RunFor(VirtualDuration.FromSeconds(120));
        user = new(Machine.Simulator, Machine.Simulator.Spawn<PeerActor, PeerState>(Machine.Places.Processes[Domain], "user", new()));
    }

    public SparseVolumes Volumes { get; }

    public XenMachine Machine { get; }

    public ushort Domain { get; }

    public Peer User => user;

    public DomainState State => Machine.Domain(Domain);

    public DeviceModelState Model => Machine.Simulator.StateOf<DeviceModelState>(State.DeviceModel)!;

    public string[] Dmesg => [.. Machine.Kernel(Domain)!.Log.Select(l => l.Text)];

    public ActorRef Driver(string disk) => Machine.Kernel(Domain)!.FindDisk(disk)!.Driver;

    public BlockDone Ask(string disk, BlockOperation operation, ulong sector = 0, uint count = 0, byte[]? data = null, BlockFlags flags = BlockFlags.None)
    {
        user.Say(Driver(disk), new BlockRequest(++cookie, operation, flags, sector, count, data ?? []));
        Machine.Simulator.RunFor(VirtualDuration.FromSeconds(2));
        var done = user.Last<BlockDone>();
        Assert.Equal(cookie, done.Cookie);
        return done;
    }

    /// <summary>Commands and exits of one command code while something is done.</summary>
    public IdeExitCount Exits(int channel, int command, Action during)
    {
        var before = Count(channel, command);
        during();
        var after = Count(channel, command);
        return new(after.Commands - before.Commands, after.Exits - before.Exits);
    }

    private IdeExitCount Count(int channel, int command) => Model.Ide.Channel(channel).Exits.Report().GetValueOrDefault(command);
}
