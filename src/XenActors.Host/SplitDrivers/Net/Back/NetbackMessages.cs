using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>To oneself: the frame at the head of the queue has waited long enough.</summary>
[Codec]
public readonly partial record struct RxQueueDue(int Round);
