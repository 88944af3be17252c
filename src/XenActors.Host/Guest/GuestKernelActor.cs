using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.Guest.Block;
using XenActors.Guest.Boot;
using XenActors.Guest.Net;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>
/// A guest's kernel: it boots by its plan, one question at a time, and keeps the disks and network devices that drivers tell it of.
/// What it knows of the machine it was told in answers.
/// </summary>
public sealed partial class GuestKernelActor : Actor<GuestKernelState>
{
    // How far a kernel is from its last boot: enough that two seeds differ.
    private const int JitterPercent = 3;

    protected override void PreStart()
    {
        State.Block = Context.Spawn<BlockLayerActor, BlockLayerState>("block", BlockLayerState.Create(State.Spec.Memory, State.Spec.Costs.GuestBlockHalf));
        Busy();
    }

    // The answers of the hypervisor and the device model.
    public void On(in CpuidResult m) => Answer(BootAskKind.Cpuid, new(m.Eax, m.Ebx, m.Ecx, m.Edx, []));

    public void On(in HypercallResult m)
    {
        if (m.Number == Abi.Hypercall.SchedOp)
        {
            Resumed(m.Result == 1);
            return;
        }

        Answer(BootAskKind.Hypercall, new(unchecked((ulong)m.Result), m.Value, 0, 0, [])); // Its bits.
    }

    public void On(in IoreqDone m)
    {
        if (State.Awaiting is BootAskKind.PortRead or BootAskKind.PortWrite or BootAskKind.PciRead or BootAskKind.PciWrite)
        {
            Answer(State.Awaiting, BootAnswer.Of(m.Value));
        }
    }

    // libata's ports, while their drives are looked for.
    public void On(in AtaResetDone m) => Answer(BootAskKind.AtaReset, AtaSignatures.Of(in m));

    public void On(in AtaEnded m) => Answer(BootAskKind.Ata, new(m.Ok ? 0UL : 1UL, m.Error, 0, 0, m.Data));

    // The clock: a pause is over, or a wait has taken too long.
    public void On(in BootDue m)
    {
        if (m.Serial != State.Serial)
        {
            return;
        }

        if (State.Awaiting == BootAskKind.None)
        {
            Advance();
        }
        else
        {
            Answer(State.Awaiting, BootAnswer.Of(State.Awaiting == BootAskKind.Sleep ? 0UL : 1UL));
        }
    }

    public void On(in Printk m) => State.Print(Context.Now, m.Text);

    public void On(in XenbusDevices m)
    {
        State.XenbusNodes = [.. m.Nodes];
        State.Unsettled = State.XenbusNodes.Exists(n => State.Registered.Contains(n.Split('/')[1]));
        Recheck();
    }

    public void On(in XenbusSettled m)
    {
        // What the bus says before it has listed its devices is about none of them.
        if (State.XenbusNodes is not null)
        {
            State.Unsettled = false;
            Recheck();
        }
    }

    public void On(in DiskAppeared m)
    {
        Appear(m);
        Recheck();
    }

    public void On(in BlockDone m)
    {
        // The cookie is the sector; the disk is known by its driver.
        var driver = Sender;
        if (State.Disks.Find(d => d.Driver == driver && d.Scanning) is { } disk)
        {
            AskTable(disk.Name, BlockLayer.Read(State, disk, (ulong)m.Cookie, m.Ok ? m.Data : [], Context.Now));
            if (!disk.Scanning)
            {
                Context.Tell(State.Block, new PartitionsFound(disk.Name, [.. disk.Partitions]));
            }

            Recheck();
        }
    }

    public void On(in DiskChanged m)
    {
        BlockLayer.Changed(State, m.Name, m.Sectors);
        Context.Tell(State.Block, in m);
    }

    public void On(in AskDiskUse m) => Context.Tell(State.Block, in m);

    public void On(in DiskGone m)
    {
        BlockLayer.Gone(State, m.Name);
        Context.Tell(State.Block, in m);

        // Nobody scans it any more.
        Recheck();
    }

    public void On(in NetdevAppeared m)
    {
        var name = FreeNicName();
        State.Nics.Add(new(name, m.DriverName, m.BusInfo, m.Mac, m.Driver));
        Context.Tell(m.Driver, new NetdevNamed(name));
    }

    // dev_alloc_name: the lowest number that is free.
    private string FreeNicName()
    {
        var number = 0;
        while (State.Nics.Exists(n => n.Name == $"eth{number}"))
        {
            number++;
        }

        return $"eth{number}";
    }

    private void Appear(DiskAppeared m)
    {
        Context.Tell(State.Block, in m);
        AskTable(m.Name, BlockLayer.Appear(State, m));
    }

    private void AskTable(string disk, ulong? sector)
    {
        if (sector is { } wanted)
        {
            Context.Tell(State.FindDisk(disk)!.Driver, BlockRequest.Read((long)wanted, wanted, 1));
        }
    }

    private void Answer(BootAskKind kind, in BootAnswer answer)
    {
        if (State.Awaiting == kind)
        {
            State.Awaiting = BootAskKind.None;
            State.Serial++;
            State.Answers.Add(answer);
            Advance();
        }
    }

    // Something that a step may be waiting for has changed.
    private void Recheck()
    {
        if (Fulfilled(State.Awaiting))
        {
            Answer(State.Awaiting, BootAnswer.Empty);
        }
    }

    private bool Fulfilled(BootAskKind awaited) => awaited switch
    {
        BootAskKind.XenbusDevices => State.XenbusNodes is not null,
        BootAskKind.XenbusSettled => !State.Facts.XenbusStarted || (State.XenbusNodes is not null && !State.Unsettled),
        BootAskKind.ScansDone => !State.Disks.Exists(d => d.Scanning),
        BootAskKind.RootDisk => FindRoot(),
        _ => false,
    };

    private bool FindRoot()
    {
        State.RootDevice = RootDevice.Find(CommandLine.Value(State.Spec.CommandLine, "root"), State.Disks);
        return State.RootDevice is not null;
    }

    private void Advance()
    {
        var run = new BootRun(State, Context.Now);
        using var step = BootPlan.Run(State.Plan[State.Step], run).GetEnumerator();
        foreach (var answer in State.Answers)
        {
            step.MoveNext();
            run.Answer = answer;
        }

        run.Live = true;
        while (step.MoveNext())
        {
            if (!Ask(step.Current))
            {
                return;
            }

            State.Answers.Add(BootAnswer.Empty);
            run.Answer = BootAnswer.Empty;
        }

        EndStep();
    }

    private void EndStep()
    {
        State.Answers.Clear();
        State.DriversBefore = State.Drivers.Count;
        var clock = State.Spec.Kernel.Has("early-clock") ? "unplug" : "events";
        if (State.Plan[State.Step] == clock || (State.ClockBase is null && State.Plan[State.Step] == "timers"))
        {
            State.ClockBase = Context.Now;
        }

        State.Step++;
        if (State.Outcome is { } && State.Plan[State.Step - 1] == "resume-unplug")
        {
            ResumeDevices();
        }
        else if (State.Outcome is { } outcome)
        {
            Context.Tell(Context.Parent, in outcome);
        }
        else
        {
            Busy();
        }
    }

    // What the kernel does before its next step, of which nothing shows here.
    private void Busy()
    {
        var duration = VirtualDuration.FromMicroseconds(State.Spec.Kernel.Number(BootPlan.TimeOf(State.Plan[State.Step]), 0));
        Context.StartTimer(new BootDue(++State.Serial), Context.Random.Jitter(duration, JitterPercent));
    }

    // True when the step can go on at once.
    private bool Ask(BootAsk ask)
    {
        switch (ask.Kind)
        {
            case BootAskKind.StartXenbus:
                StartXenbus();
                return true;
            case BootAskKind.RegisterDriver:
                Register(ask.Text);
                return true;
            case BootAskKind.AddAtaDisk:
                AddAtaDisk(ask.Drive!, ask.A);
                return true;
            case BootAskKind.AddNic:
                State.Nics.Add(ask.Nic!);
                return true;
            case BootAskKind.Sleep:
                State.Awaiting = ask.Kind;
                Context.StartTimer(new BootDue(++State.Serial), Context.Random.Jitter(ask.Duration, JitterPercent));
                return false;
            case BootAskKind.XenbusDevices or BootAskKind.XenbusSettled or BootAskKind.ScansDone or BootAskKind.RootDisk:
                return Wait(ask);
            default:
                State.Awaiting = ask.Kind;
                AskDomain(ask);
                return false;
        }
    }

    private bool Wait(BootAsk ask)
    {
        if (Fulfilled(ask.Kind))
        {
            return true;
        }

        State.Awaiting = ask.Kind;
        State.Serial++;
        if (ask.Duration > VirtualDuration.Zero)
        {
            Context.StartTimer(new BootDue(State.Serial), ask.Duration);
        }

        return false;
    }

    private void AskDomain(BootAsk ask)
    {
        var domain = State.Domain;
        switch (ask.Kind)
        {
            case BootAskKind.Cpuid:
                Context.Tell(domain, new Cpuid((uint)ask.A));
                break;
            case BootAskKind.Hypercall:
                Context.Tell(domain, new CallHypervisor((Hypercall)ask.A, (uint)ask.B, ask.C, ask.D));
                break;
            case BootAskKind.PortRead:
                Context.Tell(domain, new PortRead((ushort)ask.A, (byte)ask.B));
                break;
            case BootAskKind.PortWrite:
                Context.Tell(domain, new PortWrite((ushort)ask.A, (byte)ask.B, (uint)ask.C));
                break;
            case BootAskKind.PciRead:
                Context.Tell(domain, new PciConfigRead((byte)ask.A, (byte)ask.B));
                break;
            case BootAskKind.PciWrite:
                Context.Tell(domain, new PciConfigWrite((byte)ask.A, (byte)ask.B, (byte)ask.C, (uint)ask.D));
                break;
            case BootAskKind.AtaReset:
                Context.Tell(AtaPort((byte)ask.A), new AtaReset(State.Serial));
                break;
            case BootAskKind.Ata:
                Context.Tell(AtaPort((byte)ask.A), ask.Command! with { Cookie = State.Serial });
                break;
        }
    }

    private ActorRef AtaPort(byte channel)
    {
        if (!State.AtaPorts.TryGetValue(channel, out var port))
        {
            var master = (ushort)((State.Facts.IdeBusMaster + (8 * channel)) & 0xFFFF);
            port = Context.Spawn<AtaPortActor, AtaPortState>(
                $"ata{channel + 1}", new AtaPortState { Domain = State.Domain, Channel = channel, BusMaster = master });
            State.AtaPorts.Add(channel, port);
        }

        return port;
    }

    private void StartXenbus()
    {
        if (State.Facts.XenbusStarted)
        {
            return;
        }

        State.Facts.XenbusStarted = true;
        var spec = State.Spec;
        Context.Tell(State.Xenbus, new StartXenbus(spec.Kernel, spec.Domain, Self, spec.Type != DomainType.Pv, new(State.Facts.Unplug), spec.Vcpus));
        foreach (var type in State.Registered)
        {
            Context.Tell(State.Xenbus, new DriverRegistered(type, NoGrants));
        }
    }

    private void Register(string type)
    {
        State.Registered.Add(type);
        if (State.Facts.XenbusStarted)
        {
            State.Unsettled = State.XenbusNodes is not null;
            Context.Tell(State.Xenbus, new DriverRegistered(type, NoGrants));
        }
    }

    private bool NoGrants => State.Spec.Type != DomainType.Pv && !State.Facts.GrantTable;

    private void AddAtaDisk(AtaDrive drive, ulong sectors)
    {
        var facts = State.Facts;
        var index = drive.Packet ? facts.CdromsNamed++ : facts.DisksNamed++;
        var (name, major, minor, minors, driverName) = AtaNames.Of(State.Spec.Kernel, drive, index);
        var limits = AtaLimits.Of(drive);
        var disk = Context.Spawn<AtaDiskActor, AtaDiskState>(name, new AtaDiskState
        {
            Port = AtaPort(drive.Channel),
            Name = name,
            Limits = limits,
            Sectors = sectors,
            Channel = drive.Channel,
            Position = drive.Position,
            Packet = drive.Packet,
            Lba48 = drive.Lba48,
            Dma = drive.Dma && CommandLine.Value(State.Spec.CommandLine, "libata.dma") != "0",
            Multiple = drive.Multi,
        });
        Appear(new DiskAppeared(name, major, minor, minors, sectors, drive.Packet, drive.Packet, driverName, disk) { Limits = limits });
    }
}
