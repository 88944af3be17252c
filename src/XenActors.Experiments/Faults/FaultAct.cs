using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>A fault has acted: at this time, in these words.</summary>
[Codec]
public readonly partial record struct FaultAct(VirtualTime Time, string What)
{
    public override string ToString() => $"{Time} {What}";
}

/// <summary>To observers, from where a fault has acted.</summary>
/// <param name="Fault">Its key in the scenario's file.</param>
[Codec]
public readonly partial record struct FaultActed(string Fault, string Kind, string What);
