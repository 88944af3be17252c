using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Workload;

/// <summary>Small enough to travel inside the event.</summary>
[Codec]
public readonly partial record struct Beat(int Number);

/// <summary>Too big for the event, without references.</summary>
[Codec]
public readonly partial record struct Ping(int Hops, long Weight, ActorRef Origin);

/// <summary>With references.</summary>
[Codec]
public readonly partial record struct Parcel(string Label, byte[] Content, int Hops);

/// <summary>Rare and large: a class.</summary>
[Codec]
public sealed partial record Letter(string From, string? Note, List<int> Numbers);

[Codec]
public readonly partial record struct Nudge(long Serial);

/// <summary>Asks the receiver to throw; its parent decides by the number.</summary>
[Codec]
public readonly partial record struct Fail(int Directive);

/// <summary>What an actor throws when it is told to fail.</summary>
public sealed class AskedToFailException(int directive) : Exception($"asked to fail with {directive}")
{
    public int Directive { get; } = directive;
}
