using System.Diagnostics;
using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

/// <summary>Runs PHOLD several times and prints what each repetition took; medians at the end.</summary>
public sealed class PholdBench(PholdOptions options, EngineOptions engine, long events, int repetitions)
{
    /// <param name="baseline">Whether a plain heap runs in turn with it.</param>
    /// <param name="resume">A snapshot to continue from.</param>
    /// <param name="save">Where to leave a snapshot at the end.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="cancel">Looked at many times in a repetition.</param>
    public void Run(bool baseline, FileInfo? resume, FileInfo? save, TextWriter output, CancellationToken cancel)
    {
        var simulator = Phold.Build(options, engine);
        if (resume is not null)
        {
            Restore(simulator, resume);
        }

        var heap = baseline ? new HeapBaseline(options) : null;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"phold: {options.Processes} processes, population {options.Population}, remote {options.RemotePerMille / 1000.0}, lookahead {options.Lookahead}, mean {options.Mean}, {engine.Kind} {engine.Partitions}"));

        // One job is handled once per mean delay and lookahead.
        var jobs = (double)options.Processes * options.Population;
        var slice = new VirtualDuration((long)(events / jobs * (options.Mean.Nanoseconds + options.Lookahead.Nanoseconds)));
        var cpu = new List<double>();
        var cpuOfHeap = new List<double>();
        var wall = new List<double>();
        for (var i = 0; i <= repetitions; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var warmUp = i == 0;
            var measured = Measure(() => RunSlice(simulator, slice, cancel));
            Print(output, warmUp ? "warm-up" : "actors", measured);
            if (!warmUp)
            {
                cpu.Add(measured.PerCpuSecond);
                wall.Add(measured.Events / measured.Wall.TotalSeconds);
            }

            if (heap is not null)
            {
                var peer = Measure(() => heap.Run(events, cancel));
                Print(output, warmUp ? "warm-up" : "heap", peer);
                if (!warmUp)
                {
                    cpuOfHeap.Add(peer.PerCpuSecond);
                }
            }
        }

        if (engine.Kind == EngineKind.Nodes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median: {Median(wall) / 1e6:0.00} M events per wall second on all nodes"));
            var share = (double)simulator.MessagesBetweenNodes / simulator.EventsHandled;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"messages between nodes: {simulator.MessagesBetweenNodes}, {share * Median(wall) / 1e6:0.00} M per wall second; {simulator.WindowsRun} windows"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median: {Median(cpu) / 1e6:0.00} M events per CPU-second{(engine.Kind == EngineKind.Nodes ? " of node 0" : "")}"));
        if (heap is not null)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"median of the plain heap: {Median(cpuOfHeap) / 1e6:0.00} M events per CPU-second; ratio {Median(cpu) / Median(cpuOfHeap):0.00}"));
        }

        simulator.Mirror();
        output.WriteLine($"fingerprint {simulator.Fingerprint} at {simulator.Now} after {simulator.EventsHandled} events");
        if (save is not null)
        {
            File.WriteAllBytes(save.FullName, simulator.Snapshot());
        }
    }

    private static void Restore(Simulator simulator, FileInfo file)
    {
        try
        {
            simulator.Restore(File.ReadAllBytes(file.FullName), new TypeCatalog(typeof(PholdActor).Assembly));
        }
        catch (Exception cause) when (cause is IOException or CodecException)
        {
            throw new UserErrorException($"{file.FullName}: {cause.Message}", cause);
        }
    }

    private static long RunSlice(Simulator simulator, VirtualDuration slice, CancellationToken cancel)
    {
        var before = simulator.EventsHandled;
        simulator.RunFor(slice, cancel);
        return simulator.EventsHandled - before;
    }

    private static Measured Measure(Func<long> work)
    {
        using var process = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var count = work();
        var wall = watch.Elapsed;
        process.Refresh();
        return new(count, wall, process.TotalProcessorTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private static void Print(TextWriter output, string what, Measured m) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-8} {m.Events,11} events  {m.Events / m.Wall.TotalSeconds / 1e6,7:0.00} M/s wall  {m.PerCpuSecond / 1e6,7:0.00} M/s CPU  {(double)m.Allocated / m.Events,7:0.000} B/event"));

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private readonly record struct Measured(long Events, TimeSpan Wall, TimeSpan Cpu, long Allocated)
    {
        public double PerCpuSecond => Events / Cpu.TotalSeconds;
    }
}
