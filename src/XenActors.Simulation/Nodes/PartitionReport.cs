namespace XenActors.Simulation;

/// <summary>What a run has come to in one partition, for the nodes that do not run it.</summary>
/// <param name="Handled">Messages handled since the beginning.</param>
/// <param name="LastEventTime">Nanoseconds.</param>
/// <param name="Pending">Messages that wait.</param>
/// <param name="EarliestTime">When the first of them arrives, in nanoseconds; the greatest number for none.</param>
/// <param name="Stopped">An actor asked for the end of the run.</param>
/// <param name="Failure">Why the run failed here; null when it did not.</param>
/// <param name="FailedTime">When, in virtual nanoseconds.</param>
/// <param name="FailedProcess">In which logical process.</param>
/// <param name="Crossed">Messages sent to other nodes since the beginning.</param>
/// <param name="Fingerprint">The sum over the partition's processes.</param>
/// <param name="Windows">Windows run since the beginning.</param>
/// <param name="Busy">Those that had events.</param>
/// <param name="Running">Wall-clock time of the runs, in units of 100 ns; 0 when nobody measures.</param>
/// <param name="Exchanging">Of that, with the other partitions.</param>
[Codec]
internal readonly partial record struct PartitionReport(
    long Handled, long LastEventTime, long Pending, long EarliestTime, bool Stopped, string? Failure, long FailedTime, int FailedProcess, long Crossed, ulong Fingerprint, long DeadLetters,
    long Windows, long Busy, long Running, long Exchanging);
