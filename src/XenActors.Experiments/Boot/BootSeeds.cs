using System.Diagnostics;
using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Experiments.Boot;

/// <summary>The outcome of booting one configuration with many seeds.</summary>
/// <param name="Booted">Runs whose every guest found its root file system.</param>
/// <param name="Different">Seeds whose fingerprint another engine did not reproduce.</param>
public sealed record BootSeedsResult(int Runs, int Booted, int Histories, IReadOnlyList<ulong> Failed, IReadOnlyList<ulong> Different, long Events, TimeSpan Wall, TimeSpan Cpu);

/// <summary>Boots one configuration with many seeds, several at a time, and compares engines seed by seed.</summary>
public sealed class BootSeeds(BootSession session, ulong first, int count, int jobs, IReadOnlyList<EngineOptions> others)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _histories = [];
    private readonly List<ulong> _failed = [];
    private readonly List<ulong> _different = [];
    private long _events;
    private int _booted;
    private int _done;

    /// <param name="progress">Told the number of seeds that are done.</param>
    /// <param name="cancel">Checked before each seed.</param>
    public BootSeedsResult Run(Action<int>? progress, CancellationToken cancel)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel }, i =>
        {
            Boot(first + (ulong)i, cancel);
            progress?.Invoke(Interlocked.Increment(ref _done));
        });
        process.Refresh();
        _failed.Sort();
        _different.Sort();
        return new(count, _booted, _histories.Count, _failed, _different, _events, watch.Elapsed, process.TotalProcessorTime - cpu);
    }

    private void Boot(ulong seed, CancellationToken cancel)
    {
        var (booted, fingerprint, events) = BootWith(seed, EngineOptions.Sequential, cancel);
        var same = others.All(engine => BootWith(seed, engine, cancel).Fingerprint == fingerprint);
        lock (_gate)
        {
            _events += events;
            _histories.Add(fingerprint.Value);
            _booted += booted ? 1 : 0;
            if (!booted)
            {
                _failed.Add(seed);
            }

            if (!same)
            {
                _different.Add(seed);
            }
        }
    }

    private (bool Booted, Fingerprint Fingerprint, long Events) BootWith(ulong seed, EngineOptions engine, CancellationToken cancel)
    {
        var machine = session.Build(seed, engine);
        var ended = BootRun.ToTheEnd(machine, null, cancel);
        var booted = ended && machine.Guests.All(d => machine.Domain(d).Outcome is { Ok: true });
        return (booted, machine.Simulator.Fingerprint, machine.Simulator.EventsHandled);
    }
}
