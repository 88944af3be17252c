using XenActors.Experiments.Profiles;
using XenActors.Guest;
using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A kernel that does nothing but start its xenbus and register drivers; what it hears is in <see cref="Kernel"/>.</summary>
internal sealed class ScriptedGuest
{
    private readonly DeviceBench bench;

    public ScriptedGuest(DeviceBench bench, string profile = "debian12-6.1")
    {
        this.bench = bench;
        Kernel = bench.NewPeer(DeviceBench.Guest, "kernel");
        Profile = KernelProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "kernels"), profile);
    }

    public Peer Kernel { get; }

    public KernelProfile Profile { get; set; }

    public int Vcpus { get; set; } = 1;

    public List<string> Log => [.. Kernel.All<Printk>().Select(p => p.Text)];

    public ScriptedGuest Boot(bool hvm = true, uint unplug = 0, params ReadOnlySpan<string> drivers)
    {
        Kernel.Say(bench.FrontBus, new StartXenbus(Profile, DeviceBench.Guest, Kernel.Ref, hvm, new UnplugState(unplug), Vcpus));
        bench.Run();
        foreach (var driver in drivers)
        {
            Register(driver);
        }

        return this;
    }

    public void Register(string driver)
    {
        Kernel.Say(bench.FrontBus, new DriverRegistered(driver));
        bench.Run();
    }

    public ActorRef Driver(string name) => bench.Simulator.Find($"dom29/xenbus/{name}");
}
