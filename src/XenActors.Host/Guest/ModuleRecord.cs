using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>What became of a driver, built in or loaded: errno 0, or why it refused.</summary>
[Codec]
public sealed partial record ModuleRecord(string Name, bool BuiltIn, int Errno, string Why)
{
    public bool Loaded => Errno == 0;
}
