using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>What a job has measured of its reads, or of its writes.</summary>
[Codec]
public sealed partial class FioDirection
{
    /// <summary>fio's bwavgtime: samples of bandwidth and IOPS are taken over this long.</summary>
    public static readonly VirtualDuration SampleTime = VirtualDuration.FromMilliseconds(500);

    public long Ios { get; set; }

    public long Bytes { get; set; }

    public LatencyHistogram Submission { get; init; } = new();

    public LatencyHistogram Completion { get; init; } = new();

    public LatencyHistogram Total { get; init; } = new();

    /// <summary>Bytes in each <see cref="SampleTime"/> since the job began.</summary>
    public List<long> SampleBytes { get; init; } = [];

    public List<long> SampleIos { get; init; } = [];

    /// <summary>Where a sequential job goes on, in bytes from the region's begin.</summary>
    public long Next { get; set; }

    public void Add(VirtualDuration submission, VirtualDuration total, int bytes, VirtualDuration since)
    {
        Ios++;
        Bytes += bytes;
        Submission.Add(submission);
        Completion.Add(total - submission);
        Total.Add(total);
        var sample = (int)(since.Nanoseconds / SampleTime.Nanoseconds);
        while (SampleBytes.Count <= sample)
        {
            SampleBytes.Add(0);
            SampleIos.Add(0);
        }

        SampleBytes[sample] += bytes;
        SampleIos[sample]++;
    }
}
