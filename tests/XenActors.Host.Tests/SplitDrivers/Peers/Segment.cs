namespace XenActors.Tests.SplitDrivers;

/// <summary>One segment of a scripted block request.</summary>
internal readonly record struct Segment(uint Ref, byte First, byte Last);
