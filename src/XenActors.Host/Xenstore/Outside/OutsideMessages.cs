using XenActors.Simulation;

namespace XenActors.Xenstore.Outside;

/// <summary>From outside: a client with this number has connected. New numbers come one after the other, from 1; old ones once they are closed.</summary>
[Codec]
public readonly partial record struct OutsideConnected(int Client);

/// <summary>From outside: a client is gone.</summary>
[Codec]
public readonly partial record struct OutsideGone;
