using XenActors.Simulation;
using XenActors.TestKit;

namespace XenActors.Tests.TestKit;

/// <summary>An echo in one process and room for a probe in another.</summary>
public abstract class EchoTest : SimulationTest
{
    protected const int Server = 1;
    protected const int Client = 2;

    protected static readonly VirtualDuration Latency = VirtualDuration.FromMicroseconds(10);

    protected ActorRef Echo { get; private set; }

    protected override void Build(SimulatorBuilder builder)
    {
        builder.DefaultLatency = Latency;
        builder.AddProcess("server");
        builder.AddProcess("client");
    }

    protected TestProbe Started()
    {
        Echo = Simulator.Spawn<EchoActor, NoState>(Server, "echo", new NoState());
        return Probe(Client);
    }
}
