using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.DeviceModel.Ide;
using XenActors.Guest;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.Tests.Guest;

/// <summary>What the fake domain answers, and what it was asked.</summary>
[Codec]
public sealed partial class FakeDomainState
{
    public required DomainSpec Spec { get; init; }

    public bool Xen { get; set; } = true;

    public bool PlatformDevice { get; set; } = true;

    public bool Blacklisted { get; set; }

    public byte PlatformSlot { get; set; } = 3;

    public bool Nic { get; set; } = true;

    public ushort Unplugged { get; set; }

    public List<string> PortWrites { get; init; } = [];

    public List<string> HvmParams { get; init; } = [];

    public int NextPirq { get; set; } = 16;

    public uint NicIndex { get; set; }

    /// <summary>Sectors of the emulated disk that are not zero.</summary>
    public SortedDictionary<ulong, byte[]> Disk { get; init; } = [];

    public ulong DiskSectors { get; set; } = 131072;

    /// <summary>The real machine, with a disk and a CD.</summary>
    public IdeController Ide { get; init; } = new() { BusMaster = 0xC160 };

    public GuestMemory Memory { get; init; } = new() { Size = 64 << 20 };

    public SortedDictionary<byte, ActorRef> Handlers { get; init; } = [];

    public ActorRef Kernel { get; set; }

    public ActorRef Xenbus { get; set; }

    public GuestBooted? Outcome { get; set; }
}

/// <summary>The domain and the device model of a test: a table of answers.</summary>
public sealed class FakeDomain : Actor<FakeDomainState>
{
    private const ulong CdSectors = 728;

    protected override void PreStart()
    {
        State.Ide.Plug(new() { Channel = 0, Drive = 0, Cdrom = false, Volume = new(1), Sectors = State.DiskSectors, Revision = "2.5+" });
        State.Ide.Plug(new() { Channel = 1, Drive = 0, Cdrom = true, Volume = new(2), Sectors = CdSectors, Revision = "2.5+" });
        State.Kernel = Context.Spawn<GuestKernelActor, GuestKernelState>("kernel", GuestKernelState.Create(State.Spec, Self, State.Xenbus));
    }

    public void On(in GuestBooted m) => State.Outcome = m;

    public void On(in Cpuid m)
    {
        var spec = State.Spec;
        Context.Tell(Sender, !State.Xen ? new CpuidResult(m.Leaf, 0, 0, 0, 0) : m.Leaf switch
        {
            0x40000000 => new CpuidResult(m.Leaf, 0x40000005, 0x566E6558, 0x65584D4D, 0x4D4D566E),
            0x40000001 => new CpuidResult(m.Leaf, ((uint)spec.XenMajor << 16) | (uint)spec.XenMinor, 0, 0, 0),
            _ => new CpuidResult(m.Leaf, 0, 0, 0, 0),
        });
    }

    public void On(in CallHypervisor m)
    {
        var (result, value) = (0L, 0UL);
        switch (m.Number, m.Operation)
        {
            case (Hypercall.XenVersion, 0):
                result = ((long)State.Spec.XenMajor << 16) | (uint)State.Spec.XenMinor;
                break;
            case (Hypercall.XenVersion, 6):
                value = State.Spec.Features;
                break;
            case (Hypercall.EventChannelOp, (uint)EvtchnOp.InitControl) when !State.Spec.HasFifoEvents:
                result = -(long)XenErrno.ENOSYS;
                break;
            case (Hypercall.HvmOp, 0):
                State.HvmParams.Add($"{m.Arg0}={m.Arg1:x}");
                break;
            case (Hypercall.PhysdevOp, 13):
                value = (ulong)(State.NextPirq < State.Spec.GsiCount ? State.NextPirq++ : (2 * State.Spec.GsiCount) + 31 - State.NextPirq++);
                break;
        }

        Context.Tell(Sender, new HypercallResult(m.Number, m.Operation, m.Arg0, result, value));
    }

    public void On(in PortRead m)
    {
        var value = State.Ide.Find(m.Port) is not null ? State.Ide.Read(m.Port, m.Size) : (m.Port, m.Size) switch
        {
            (0x10, 2) when State.PlatformDevice => State.Blacklisted && State.PortWrites.Count > 0 ? 0xD249u : 0x49D2u,
            (0x12, 1) when State.PlatformDevice => 1u,
            (0xC104, 4) => State.NicIndex == 0x5400 ? 0x024F1600u : 0x80001502u,
            _ => uint.MaxValue,
        };
        Work();
        Context.Tell(Sender, new IoreqDone(value));
    }

    public void On(in PortWrite m)
    {
        if (State.Ide.Find(m.Port) is not null)
        {
            State.Ide.Write(m.Port, m.Size, m.Value);
            Work();
        }
        else if (m.Port == 0xC100)
        {
            State.NicIndex = m.Value;
        }
        else
        {
            State.PortWrites.Add($"{m.Port:x}/{m.Size}={m.Value:x}");
        }

        if (m is { Port: 0x10, Size: 2 } && State.PlatformDevice)
        {
            State.Unplugged |= (ushort)m.Value;
            if ((m.Value & 5) != 0 && State.Ide.Unplug((m.Value & 1) == 0))
            {
                State.Ide.BusMaster = 0x1000; // Where the kernel will put it.
            }
        }

        Context.Tell(Sender, new IoreqDone(0));
    }

    public void On(in PciConfigRead m) => Context.Tell(Sender, new IoreqDone(Config(m.Devfn, m.Register)));

    public void On(in PciConfigWrite m) => Context.Tell(Sender, new IoreqDone(0));

    public void On(in PortReadString m)
    {
        var data = State.Ide.ReadString(m.Port, m.Size, m.Count);
        Work();
        Context.Tell(Sender, new IoreqStringDone(data));
    }

    public void On(in PortWriteString m)
    {
        State.Ide.WriteString(m.Port, m.Size, m.Data);
        Work();
        Context.Tell(Sender, new IoreqDone(0));
    }

    public void On(in ReadGuestMemory m) => Context.Tell(Sender, new GuestMemoryRead(State.Memory.Read(m.Extents), m.Cookie));

    public void On(in WriteGuestMemory m) => State.Memory.Write(m.Extents, m.Data);

    public void On(in RequestIrq m) => State.Handlers[m.Irq] = Sender;

    public void On(in EndOfInterrupt m)
    {
    }

    // What the IDE machine waits for is there at once.
    private void Work()
    {
        foreach (var (channel, irq) in ((IdeChannel, byte)[])[(State.Ide.Primary, 14), (State.Ide.Secondary, 15)])
        {
            while (channel.Work is { } work)
            {
                channel.Complete(channel.WorkSerial, true, work.Kind switch
                {
                    IdeWorkKind.ReadMemory => State.Memory.Read(work.Extents),
                    IdeWorkKind.ReadDisk => Sectors(channel.Number, work),
                    _ => [],
                });
            }

            channel.Stores.ForEach(s => State.Memory.Write(s.Extents, s.Data));
            channel.Stores.Clear();
            if (channel.Line.Contains(true) && State.Handlers.TryGetValue(irq, out var handler))
            {
                Context.Tell(handler, new InterruptRaised(irq));
            }

            channel.Line.Clear();
        }
    }

    private byte[] Sectors(int channel, IdeWork work)
    {
        var data = new byte[work.Count * 512];
        for (var i = 0u; i < work.Count && channel == 0; i++)
        {
            if (State.Disk.TryGetValue(work.Sector + i, out var sector))
            {
                sector.CopyTo(data, i * 512);
            }
        }

        return data;
    }

    private uint Config(byte devfn, byte register)
    {
        var platform = (byte)(State.PlatformSlot << 3);
        var nic = State.Nic && (State.Unplugged & 2) == 0;
        var unpluggedDisks = (State.Unplugged & 1) != 0;
        return (devfn, register) switch
        {
            (0x00, 0) => 0x12378086,
            (0x00, 8) => 0x06000002,
            (0x08, 0) => 0x70008086,
            (0x08, 8) => 0x06010000,
            (0x08, 0x0C) => 0x00800000,
            (0x09, 0) => 0x70108086,
            (0x09, 8) => 0x01018000,
            (0x09, 4) => unpluggedDisks ? 0u : 1u,
            (0x09, 0x20) => unpluggedDisks ? 1u : 0xC161u,
            (0x0A, 0) => 0x70208086,
            (0x0A, 8) => 0x0C030001,
            (0x0A, 0x3C) => 0x00000400,
            (0x0B, 0) => 0x71138086,
            (0x0B, 8) => 0x06800003,
            (0x20, 0) when nic => 0x100E8086,
            (0x20, 8) when nic => 0x02000003,
            (0x20, 0x14) when nic => 0xC101,
            (0x20, 0x3C) when nic => 0x00000100,
            var (d, r) when d == platform && State.PlatformDevice => r switch
            {
                0 => 0x00015853,
                8 => 0xFF800001,
                0x10 => 0xC001,
                0x14 => 0xF2000008,
                0x3C => 0x00000100,
                _ => 0,
            },
            (0x00 or 0x08 or 0x09 or 0x0A or 0x0B, _) => 0,
            (0x20, _) when nic => 0,
            _ => uint.MaxValue,
        };
    }
}
