namespace XenActors.Simulation;

/// <summary>A piece of a snapshot (<see cref="Simulator.SnapshotParts"/>): one logical process, or what is common to all.</summary>
/// <param name="Name">The process's name, or a word that is none: it begins with a slash.</param>
public readonly record struct SnapshotPart(string Name, byte[] Bytes);
