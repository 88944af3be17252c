using System.Diagnostics;
using System.Globalization;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>Measures any daemon that speaks the xenstore protocol. It works below one node of its own and removes it at the end.</summary>
/// <param name="path">The daemon's socket.</param>
/// <param name="perLoad">How long each load runs.</param>
public sealed class XenstoreBench(string path, TimeSpan perLoad)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    private readonly UnixAddress address = new(path);

    /// <summary>Runs every load and prints the table, a row as soon as it is known.</summary>
    public IReadOnlyList<BenchResult> Run(TextWriter output, CancellationToken cancel = default)
    {
        using var control = new BenchClient(address);
        var process = control.PeerProcess;
        output.WriteLine("| load | per second | daemon's CPU, us each |\n|---|---|---|");
        var results = new List<BenchResult>();
        try
        {
            foreach (var load in XenstoreLoads.All)
            {
                cancel.ThrowIfCancellationRequested();
                load.Prepare(control);
                Measure(load, WarmUp, process);
                var result = Measure(load, perLoad, process);
                results.Add(result);
                var cpu = result.CpuMicroseconds?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not visible";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {result.Name} | {result.PerSecond:0} {result.Unit} | {cpu} |"));
            }
        }
        finally
        {
            control.Ask(BenchClient.Request(XsWireType.Rm, XenstoreLoads.Root + "|"));
        }

        return results;
    }

    private BenchResult Measure(BenchLoad load, TimeSpan time, int process)
    {
        var clock = new BenchClock();
        var done = new long[load.Clients];
        var failures = new UserErrorException?[load.Clients];
        using var ready = new Barrier(load.Clients + 1);
        var threads = Enumerable.Range(0, load.Clients).Select(index => new Thread(() => Work(index))).ToArray();
        foreach (var thread in threads) thread.Start();
        ready.SignalAndWait();
        var (watch, cpu) = (Stopwatch.StartNew(), CpuSeconds(process));
        Thread.Sleep(time);
        clock.End();
        foreach (var thread in threads) thread.Join();
        var (seconds, spent) = (watch.Elapsed.TotalSeconds, CpuSeconds(process) - cpu);
        if (failures.FirstOrDefault(f => f is not null) is { } failure) throw failure;
        var units = done.Sum();
        return new(load.Name, load.Unit, units / seconds, spent is { } s && units > 0 ? 1e6 * s / units : null);

        void Work(int index)
        {
            var turn = new BenchTurn(address, index, clock, ready);
            try
            {
                using var client = new BenchClient(address);
                done[index] = load.Work(turn, client);
            }
            catch (UserErrorException mistake)
            {
                failures[index] = mistake;
            }
            finally
            {
                turn.Begin(); // who failed early must not keep the others waiting
            }
        }
    }

    // Fields 14 and 15 of /proc/PID/stat, counted behind the name in parentheses.
    private static double? CpuSeconds(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null; // another user's, or in another process namespace
        }
    }
}
