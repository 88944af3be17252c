using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Tests.Toolstack.Libxl;

[Codec]
public sealed partial class FakeDomainState
{
    public DomainSpec? Spec { get; set; }

    public ActorRef DeviceModel { get; set; }

    public int Unpauses { get; set; }
}

/// <summary>A domain that is built at once, with the recorded guest's rings.</summary>
public sealed class FakeDomainActor : Actor<FakeDomainState>
{
    public void On(in CreateDomain m)
    {
        State.Spec = m.Spec;
        Context.Tell(Sender, new DomainBuilt(m.Spec.Domain, 1044476, 1, 1044479, 2));
    }

    public void On(in ServeIoreqs m) => State.DeviceModel = Sender;

    public void On(in UnpauseDomain m) => State.Unpauses++;
}
