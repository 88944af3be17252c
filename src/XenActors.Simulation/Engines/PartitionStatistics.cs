namespace XenActors.Simulation;

/// <summary>What a partition has done in all runs so far.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Node">The process of the operating system that runs it; 0 where there is one.</param>
/// <param name="Processes">How many logical processes it has.</param>
/// <param name="Events">Messages handled.</param>
/// <param name="Windows">Windows run, with or without events: as many exchanges.</param>
/// <param name="Busy">Those of them in which it had events.</param>
/// <param name="Crossed">Messages sent to other nodes.</param>
/// <param name="Running">Wall-clock time of the runs; zero unless <see cref="EngineOptions.Measured"/>.</param>
/// <param name="Exchanging">That part of it in which it waited for others and exchanged messages with them.</param>
public readonly record struct PartitionStatistics(
    int Partition, int Node, int Processes, long Events, long Windows, long Busy, long Crossed, TimeSpan Running, TimeSpan Exchanging);
