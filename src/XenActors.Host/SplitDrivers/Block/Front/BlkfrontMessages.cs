using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>Idle pages whose grants the backend does not map any more are to be ended: blkfront_delay_work.</summary>
[Codec]
public readonly partial record struct GrantPurgeDue(int Queue);

/// <summary>The grant table was full: another try.</summary>
[Codec]
public readonly partial record struct GrantRetryDue(int Queue, int Round);
