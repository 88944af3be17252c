namespace XenActors.Cluster;

/// <summary>How a run through <c>mpirun</c> has ended.</summary>
/// <param name="Code">Its exit code: the first node's that was not 0; 128 and the signal's number when a signal ended one.</param>
/// <param name="Lost">Which node did not end by itself, and how, in words: <c>node 1 (alpha) was ended by signal 9 (Killed)</c>; null when all did.</param>
public readonly record struct MpiOutcome(int Code, string? Lost);
