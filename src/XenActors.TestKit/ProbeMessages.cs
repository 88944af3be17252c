using XenActors.Simulation;

namespace XenActors.TestKit;

/// <summary>Asks a probe to send a message, which travels as its codec's bytes.</summary>
[Codec]
public readonly partial record struct ProbeSend(ActorRef To, string Type, byte[] Bytes);

/// <summary>Asks a probe to watch an actor.</summary>
[Codec]
public readonly partial record struct ProbeWatch(ActorRef Actor);
