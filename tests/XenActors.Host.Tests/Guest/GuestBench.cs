using XenActors.Experiments.Profiles;
using XenActors.Guest;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Tests.Guest;

/// <summary>A guest between a fake domain and a fake xenbus, booted to its end.</summary>
internal sealed class GuestBench
{
    public static readonly string Kernels = Path.Combine(AppContext.BaseDirectory, "hocon", "kernels");

    private const uint AllFeatures = 0x12705;

    public required KernelProfile Kernel { get; set; }

    public string CommandLine { get; set; } = "root=/dev/mapper/vg-root ro loglevel=9";

    public DomainType Type { get; set; } = DomainType.Hvm;

    public int Vcpus { get; set; } = 1;

    public uint Features { get; set; } = AllFeatures;

    public (int Major, int Minor) Xen { get; set; } = (4, 1);

    public Firmware Firmware { get; set; } = FirmwareOf.Page();

    public List<string> Nodes { get; set; } = ["device/vfb/0", "device/vbd/768", "device/vbd/5632", "device/vif/0", "device/console/0"];

    public Action<FakeDomainState> Change { get; set; } = static _ => { };

    public SortedDictionary<ulong, byte[]> Disk { get; set; } = Mbr.Page();

    public ulong DiskSectors { get; set; } = 62914560;

    public string Mac { get; set; } = "00:16:4f:02:02:15";

    public ulong Seed { get; set; } = 1;

    /// <summary>When given, the run goes on from there in another simulator.</summary>
    public VirtualTime? SnapshotAt { get; set; }

    public FakeDomainState Domain { get; private set; } = null!;

    public FakeXenbusState Bus { get; private set; } = null!;

    public GuestKernelState State { get; private set; } = null!;

    public Fingerprint Fingerprint { get; private set; }

    public static GuestBench Of(string kernel) => new() { Kernel = KernelProfiles.Load(Kernels, kernel) };

    /// <summary>The machine of the recorded host: Xen 4.17, platform device in slot 2, a 64 MiB disk.</summary>
    public static GuestBench Recorded(string option)
    {
        var bench = Of("debian12-6.1");
        bench.CommandLine = "console=hvc0 earlyprintk=xen loglevel=9" + option;
        (bench.Xen, bench.Firmware, bench.DiskSectors, bench.Disk) = ((4, 17), FirmwareOf.Recorded(), 131072, Mbr.Recorded());
        bench.Nodes = ["device/vbd/768", "device/vbd/5632", "device/vkbd/0", "device/vif/0"];
        bench.Change = static d => d.PlatformSlot = 2;
        return bench;
    }

    public GuestReport Boot()
    {
        var builder = new SimulatorBuilder(Seed);
        var process = builder.AddProcess("guest");
        var simulator = builder.Build();
        Bus = new FakeXenbusState { Nodes = Nodes, Disk = Disk, DiskSectors = DiskSectors, Mac = Mac };
        var bus = simulator.Spawn<FakeXenbus, FakeXenbusState>(process, "xenbus", Bus);
        Domain = new FakeDomainState { Spec = Spec(), Xenbus = bus, Disk = Disk, DiskSectors = DiskSectors };
        Change(Domain);
        var domain = simulator.Spawn<FakeDomain, FakeDomainState>(process, "domain", Domain);
        if (SnapshotAt is { } moment)
        {
            simulator.RunUntil(moment);
            var snapshot = simulator.Snapshot();
            var second = new SimulatorBuilder(Seed);
            second.AddProcess("guest");
            simulator = second.Build();
            simulator.Restore(snapshot, new TypeCatalog(typeof(Simulator).Assembly, typeof(GuestKernelActor).Assembly, typeof(FakeDomain).Assembly));
        }

        simulator.Run();
        Domain = simulator.StateOf<FakeDomainState>(domain)!;
        Bus = simulator.StateOf<FakeXenbusState>(bus)!;
        State = simulator.StateOf<GuestKernelState>(Domain.Kernel)!;
        Fingerprint = simulator.Fingerprint;
        return GuestReport.Of(State);
    }

    private DomainSpec Spec() => new()
    {
        Domain = 1,
        Name = "f16pvhvm",
        Uuid = "85a53931-2b19-4c9a-b8d7-bc707ed90e25",
        Type = Type,
        Memory = 1024,
        Vcpus = Vcpus,
        CommandLine = CommandLine,
        Kernel = Kernel,
        Firmware = Firmware,
        Features = Features,
        XenMajor = Xen.Major,
        XenMinor = Xen.Minor,
        GsiCount = 24,
    };
}
