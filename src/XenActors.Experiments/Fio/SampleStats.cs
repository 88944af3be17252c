using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>Least, greatest, mean and spread of samples per second.</summary>
internal readonly record struct SampleStats(double Min, double Max, double Mean, double Deviation, int Count)
{
    /// <summary>Null when not one sample was complete; the last, torn one does not count.</summary>
    public static SampleStats? Of(List<long> samples, VirtualDuration runtime, double unit)
    {
        var each = FioDirection.SampleTime.Nanoseconds;
        var count = (int)(runtime.Nanoseconds / each);
        if (count == 0)
        {
            return null;
        }

        var (min, max, sum, squares) = (double.MaxValue, 0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var rate = (i < samples.Count ? samples[i] : 0) / unit / (each / 1e9);
            (min, max, sum, squares) = (Math.Min(min, rate), Math.Max(max, rate), sum + rate, squares + (rate * rate));
        }

        var mean = sum / count;
        return new(min, max, mean, count < 2 ? 0 : Math.Sqrt(Math.Max(0, (squares - (sum * mean)) / (count - 1))), count);
    }
}
