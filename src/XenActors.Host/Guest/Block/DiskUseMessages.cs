using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>From a disk driver, by way of the kernel to its block layer: does anybody have this disk open?</summary>
[Codec]
public readonly partial record struct AskDiskUse(string Name, ActorRef Driver);

/// <summary>To the driver. When somebody has it open, another answer follows the last close.</summary>
[Codec]
public readonly partial record struct DiskUse(bool Open);
