using XenActors.Experiments.Fio;
using XenActors.Experiments.Workloads.Store;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A workload on its way.</summary>
internal abstract class Workload(ScenarioWorkload plan)
{
    public ScenarioWorkload Plan { get; } = plan;

    /// <summary>When its domain was first seen to have booted; null before.</summary>
    public VirtualTime? ReadyAt { get; set; }

    public bool Started { get; protected set; }

    /// <summary>The life of its domain that it runs in; null before, and in dom0.</summary>
    public ushort? Life { get; protected set; }

    /// <summary>The device that it works on, or their kind, as checkers name it (<c>dom1/vbd/768</c>, <c>dom1/vif</c>); empty before it begins, and where it needs none.</summary>
    public string Device { get; protected set; } = "";

    /// <summary>Nothing is left to do, well or badly.</summary>
    public abstract bool Finished { get; }

    /// <summary>How many things it has done.</summary>
    public abstract long Done { get; }

    /// <summary>What was wrong with its data, one line each: findings, not errors that a fault may cause.</summary>
    /// <param name="undisturbed">No fault was installed and no command was typed.</param>
    public virtual IReadOnlyList<string> Findings(bool undisturbed) => [];

    /// <summary>For the summary: one line.</summary>
    public abstract string Summary { get; }

    public abstract void Start(ScenarioMachine machine);

    public static Workload Of(ScenarioWorkload plan) => plan.Kind switch
    {
        "fio" => new FioWorkload(plan),
        "net" => new NetWorkload(plan),
        "hypercalls" => new HypercallWorkload(plan),
        _ => new StoreWorkload(plan),
    };
}
