using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Memory;
using XenActors.Tests.Guest;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Hypervisor;

/// <summary>A domain as its vCPU (a scripted one) and its device model (another) see it.</summary>
public sealed class DomainTests
{
    private readonly DeviceBench bench = new();
    private readonly Peer vcpu;

    public DomainTests()
    {
        vcpu = bench.Front;
        bench.Operator.Tell(Self, new CreateDomain(new DomainSpec
        {
            Domain = DeviceBench.Guest,
            Name = "guest",
            Uuid = "85a53931-2b19-4c9a-b8d7-bc707ed90e25",
            Type = DomainType.Hvm,
            Memory = 256,
            Vcpus = 1,
            CommandLine = "",
            Kernel = new ScriptedGuest(bench).Profile,
            Firmware = FirmwareOf.Page(),
            Features = 0x12705,
            XenMajor = 4,
            XenMinor = 17,
            GsiCount = 24,
        }));
    }

    private Simulation.ActorRef Self => bench.Places.Domain(DeviceBench.Guest);

    private DomainState State => bench.Simulator.StateOf<DomainState>(Self)!;

    private HypercallResult Call(Hypercall number, uint operation, ulong arg0 = 0, ulong arg1 = 0)
    {
        vcpu.Tell(Self, new CallHypervisor(number, operation, arg0, arg1));
        return vcpu.Last<HypercallResult>();
    }

    private CpuidResult Cpuid(uint leaf)
    {
        vcpu.Tell(Self, new Cpuid(leaf));
        return vcpu.Last<CpuidResult>();
    }

    [Fact]
    public void Its_upcalls_are_taken_while_nobody_has_it_paused()
    {
        void Say(bool pause, bool paused)
        {
            if (pause)
            {
                bench.Operator.Tell(Self, new PauseDomain());
            }
            else
            {
                bench.Operator.Tell(Self, new UnpauseDomain());
            }

            bench.Run(1);
            Assert.Equal(paused, bench.Simulator.StateOf<XenActors.Hypervisor.EventChannels.EventChannelsState>(bench.Places.EventChannels(DeviceBench.Guest))!.Paused);
        }

        Say(pause: false, paused: false);
        Say(pause: true, paused: true);
        Say(pause: true, paused: true);
        Say(pause: false, paused: true);
        Say(pause: false, paused: false);
        Say(pause: false, paused: false);
    }

    [Fact]
    public void Is_built_with_ports_for_its_store_and_its_console()
    {
        var built = bench.Operator.Last<DomainBuilt>();
        Assert.Equal((0xFEFFCUL, 1u, 0xFEFFFUL, 2u), (built.StoreGfn, built.StorePort, built.ConsoleGfn, built.ConsolePort));
    }

    [Fact]
    public void CPUID_says_Xen_and_its_version()
    {
        Assert.Equal(new CpuidResult(0x40000000, 0x40000005, 0x566E6558, 0x65584D4D, 0x4D4D566E), Cpuid(0x40000000));
        Assert.Equal(0x40011u, Cpuid(0x40000001).Eax);
        Assert.Equal((1u, 0x40000000u), (Cpuid(0x40000002).Eax, Cpuid(0x40000002).Ebx));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(0x40000006u)]
    [InlineData(uint.MaxValue)]
    public void CPUID_leaves_that_are_not_Xens_are_empty(uint leaf) => Assert.Equal(new CpuidResult(leaf, 0, 0, 0, 0), Cpuid(leaf));

    [Theory]
    [InlineData(39UL)]
    [InlineData(4294967296UL)]
    [InlineData(ulong.MaxValue)]
    public void An_HVM_parameter_out_of_range_is_EINVAL(ulong index)
    {
        Assert.Equal(-22, Call(Hypercall.HvmOp, 0, index, 1).Result);
        Assert.Equal(-22, Call(Hypercall.HvmOp, 1, index).Result);
    }

    [Fact]
    public void An_HVM_parameter_keeps_its_value()
    {
        Assert.Equal(0, Call(Hypercall.HvmOp, 0, 0, ulong.MaxValue).Result);
        Assert.Equal(ulong.MaxValue, Call(Hypercall.HvmOp, 1, 0).Value);
    }

    [Theory]
    [InlineData(Hypercall.Domctl, 0u)]
    [InlineData(Hypercall.HvmOp, 99u)]
    [InlineData((Hypercall)999, 0u)]
    public void An_unknown_hypercall_is_ENOSYS(Hypercall number, uint operation) => Assert.Equal(-38, Call(number, operation, 1).Result);

    [Fact]
    public void Pirqs_begin_at_16_and_go_on_from_the_top_when_the_GSIs_are_used_up()
    {
        var pirqs = Enumerable.Range(0, 12).Select(gsi => (int)Call(Hypercall.PhysdevOp, 13, (ulong)gsi).Value).ToList();
        Assert.Equal([16, 17, 18, 19, 20, 21, 22, 23, 55, 54, 53, 52], pirqs);
    }

    [Fact]
    public void A_GSI_keeps_its_pirq()
    {
        Call(Hypercall.PhysdevOp, 13, 9);
        Call(Hypercall.PhysdevOp, 13, 10);
        Assert.Equal(16UL, Call(Hypercall.PhysdevOp, 13, 9).Value);
    }

    [Fact]
    public void Without_a_free_pirq_it_is_ENOSPC()
    {
        for (var gsi = 0; gsi < 40; gsi++)
        {
            Assert.Equal(0, Call(Hypercall.PhysdevOp, 13, (ulong)gsi).Result);
        }

        Assert.Equal(-28, Call(Hypercall.PhysdevOp, 13, 40).Result);
    }

    [Theory]
    [InlineData(2147483648UL)]
    [InlineData(ulong.MaxValue)]
    public void A_GSI_out_of_range_is_EINVAL(ulong gsi) => Assert.Equal(-22, Call(Hypercall.PhysdevOp, 13, gsi).Result);

    [Fact]
    public void Without_a_device_model_every_port_floats()
    {
        foreach (var size in (byte[])[1, 2, 4])
        {
            vcpu.Tell(Self, new PortRead(0x10, size));
        }

        vcpu.Tell(Self, new PciConfigRead(0, 0));
        Assert.Equal([0xFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF], vcpu.All<IoreqDone>().Select(d => d.Value));
        vcpu.Tell(Self, new PortReadString(0x1f0, 2, 256));
        Assert.All(vcpu.Last<IoreqStringDone>().Data, b => Assert.Equal(0xFF, b));
    }

    [Fact]
    public void Pauses_are_counted()
    {
        bench.Operator.Tell(Self, new PauseDomain());
        bench.Operator.Tell(Self, new UnpauseDomain());
        Assert.True(State.Kernel.IsNone);
        bench.Operator.Tell(Self, new UnpauseDomain());
        Assert.False(State.Kernel.IsNone);
        bench.Operator.Tell(Self, new UnpauseDomain());
        Assert.Equal(0, State.PauseCount);
    }

    [Fact]
    public void An_edge_is_taken_once_and_the_next_one_waits_for_the_EOI()
    {
        var model = bench.NewPeer(0, "model");
        vcpu.Tell(Self, new RequestIrq(14));
        foreach (var level in (bool[])[true, true, false, true])
        {
            model.Tell(Self, new SetIsaIrqLevel(14, level));
        }

        Assert.Single(vcpu.All<InterruptRaised>());
        vcpu.Tell(Self, new EndOfInterrupt(14));
        Assert.Equal(2, vcpu.All<InterruptRaised>().Count);
        vcpu.Tell(Self, new EndOfInterrupt(14));
        Assert.Equal(2, vcpu.All<InterruptRaised>().Count);
        Assert.Equal((2, 2L), (State.Interrupts[14].Delivered, State.Exits[ExitKind.EndOfInterrupt]));
    }

    [Fact]
    public void An_edge_before_the_driver_is_kept_for_it()
    {
        var model = bench.NewPeer(0, "model");
        model.Tell(Self, new SetIsaIrqLevel(15, true));
        vcpu.Tell(Self, new RequestIrq(15));
        Assert.Equal(15, vcpu.Last<InterruptRaised>().Irq);
    }

    [Fact]
    public void Memory_keeps_what_is_written_and_ends_where_the_RAM_does()
    {
        const ulong end = 256UL << 20;
        vcpu.Tell(Self, new WriteGuestMemory([new(0xFFE, 4), new(end - 2, 4)], [1, 2, 3, 4, 5, 6, 7, 8]));
        vcpu.Tell(Self, new ReadGuestMemory([new(0xFFF, 2), new(end - 2, 4), new(0xF0000000, 1), new(ulong.MaxValue, 2)], 9));
        Assert.Equal((9L, "02030506000000" + "0000"), (vcpu.Last<GuestMemoryRead>().Cookie, Convert.ToHexString(vcpu.Last<GuestMemoryRead>().Data)));
    }

    [Fact]
    public void Exits_are_counted_by_their_reason()
    {
        vcpu.Tell(Self, new PortRead(0x1F7, 1));
        vcpu.Tell(Self, new PortWrite(0x1F7, 1, 0xEC));
        vcpu.Tell(Self, new PortReadString(0x1F0, 2, 256));
        Call(Hypercall.XenVersion, 0);
        Assert.Equal((1L, 1L, 1L, 3L, 1L), (
            State.Exits[ExitKind.PortRead], State.Exits[ExitKind.PortWrite], State.Exits[ExitKind.PortReadString], State.Exits.Ioreqs,
            State.Exits[ExitKind.Hypercall]));
    }

    [Fact]
    public void Answers_of_the_device_model_reach_the_vcpus_in_order()
    {
        var model = bench.NewPeer(0, "model");
        var other = bench.NewPeer(DeviceBench.Guest, "other");
        model.Tell(Self, new ServeIoreqs());
        vcpu.Tell(Self, new PortRead(0x10, 2));
        other.Tell(Self, new PciConfigRead(8, 0));
        model.Tell(Self, new IoreqDone(1));
        model.Tell(Self, new IoreqDone(2));
        model.Tell(Self, new IoreqDone(3));
        Assert.Equal([1u], vcpu.All<IoreqDone>().Select(d => d.Value));
        Assert.Equal([2u], other.All<IoreqDone>().Select(d => d.Value));
    }
}
