using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using Core = XenActors.Hypervisor.EventChannels.EventChannels;

namespace XenActors.Tests.Hypervisor;

/// <summary>Writes down which ports a dispatch finds.</summary>
internal struct PortList : IPortHandler
{
    public List<uint> Fired { get; set; }

    public readonly void Handle(uint port) => Fired.Add(port);
}

/// <summary>Xen's core and a guest's kernel on the same bytes, called directly. Upcalls are held back until the test takes them.</summary>
internal sealed class Ports
{
    public Ports(bool fifo, int vcpus = 1, int wordBits = 64, uint portMax = Core.PortMaxDefault)
    {
        Xen.Configure(vcpus, portMax, wordBits);
        for (var vcpu = 0u; fifo && vcpu < vcpus; vcpu++)
        {
            Assert.Equal(XenErrno.None, Xen.InitControl(new byte[Gfn.PageSize], 64, vcpu));
        }
    }

    public Core Xen { get; } = new();

    public GuestEvents Guest { get; } = new();

    /// <summary>vCPUs that Xen has interrupted since they took their last upcall.</summary>
    public SortedSet<int> Interrupted { get; } = [];

    public List<uint> Fired { get; } = [];

    public uint Unbound(bool lateEoi = false)
    {
        Assert.Equal(XenErrno.None, Xen.AllocUnbound(0, out var port));
        Start(port, lateEoi);
        return port;
    }

    public void Start(uint port, bool lateEoi = false)
    {
        Guest.Register(port, new ActorRef(1, 1), 0, lateEoi);
        var vcpus = new List<int>();
        Guest.Startup(Xen, port, vcpus);
        Interrupted.UnionWith(vcpus);
    }

    public void Raise(uint port) => Note(Xen.SetPending(port));

    public void Note(int vcpu)
    {
        if (vcpu != Core.NoVcpu)
        {
            Interrupted.Add(vcpu);
        }
    }

    /// <summary>The vCPU takes its upcall.</summary>
    public List<uint> Take(int vcpu = 0)
    {
        if (!Interrupted.Remove(vcpu))
        {
            return [];
        }

        var list = new PortList { Fired = [] };
        Guest.Upcall(Xen, vcpu, ref list);
        Fired.AddRange(list.Fired);
        return list.Fired;
    }
}
