using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>The back-end thread has slept long enough after a request that failed its checks.</summary>
[Codec]
public readonly partial record struct RestOver(int Queue);

/// <summary>A look at the pages that stay mapped is due.</summary>
[Codec]
public readonly partial record struct PurgeDue(int Queue);

/// <summary>The ring's thread has done its part of a request, and looks for the next.</summary>
[Codec]
public readonly partial record struct WorkDone(int Queue);
