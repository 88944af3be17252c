using XenActors.Abi;
using XenActors.Experiments;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>
/// Measures any daemon that speaks the xenstore protocol, or two in turns. It works below one node of its own and removes it at the end.
/// One thread is every client, so that what is measured is the daemon and the way to it.
/// </summary>
/// <param name="options">What runs.</param>
/// <param name="row">Told of each row as soon as it is known.</param>
/// <param name="progress">Told what is being done.</param>
public sealed class XenstoreBench(XenstoreBenchOptions options, Action<BenchRow> row, Action<string> progress)
{
    private static readonly TimeSpan WarmUpMost = TimeSpan.FromMilliseconds(300);

    private readonly List<BenchDaemon> daemons = [];

    public BenchReport Run(CancellationToken cancel)
    {
        var loads = XenstoreLoads.All.Where(IsWanted).ToList();
        var many = IsWanted(XenstoreLoads.AmongMany);
        if (loads.Count == 0 && !many) throw new UserErrorException($"--only: expected part of a load's name but found '{options.Only}'");
        List<ResidentNodes> residents = [];
        try
        {
            foreach (var socket in options.Sockets) daemons.Add(new BenchDaemon(socket));
            residents.AddRange(daemons.Select(d => new ResidentNodes(d.Control)));
            var memory = new List<BenchMemory> { Memory(0) };
            var rows = loads.Select(load => Measure(load, cancel)).ToList();
            if (!many) return new(rows, []);
            foreach (var nodes in XenstoreLoads.Resident.Skip(1))
            {
                progress($"{nodes} nodes");
                foreach (var resident in residents) resident.FillTo(nodes, cancel);
                memory.Add(Memory(nodes));
            }

            rows.Add(Measure(XenstoreLoads.AmongMany, cancel));
            return new(rows, memory);
        }
        finally
        {
            progress("removing the nodes");
            foreach (var resident in residents) resident.Clear();
            foreach (var daemon in daemons) CleanUp(daemon);
        }
    }

    private bool IsWanted(BenchLoad load) => load.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase);

    private BenchMemory Memory(int nodes) => new(nodes, [.. daemons.Select(d => d.Resident)]);

    private BenchRow Measure(BenchLoad load, CancellationToken cancel)
    {
        var time = options.PerLoad / options.Rounds;
        var rates = daemons.Select(_ => new List<double>()).ToArray();
        var cpus = daemons.Select(_ => new List<double>()).ToArray();
        var ratios = new List<double>();
        foreach (var daemon in daemons)
        {
            progress($"{load.Name}: preparing");
            load.Prepare(daemon.Control);
            Turn(load, daemon, time < WarmUpMost ? time : WarmUpMost, cancel);
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            progress($"{load.Name}: round {round + 1} of {options.Rounds}");
            for (var turn = 0; turn < daemons.Count; turn++)
            {
                // Who is first changes, so that what drifts meets both.
                var who = (turn + round) % daemons.Count;
                var (rate, cpu) = Turn(load, daemons[who], time, cancel);
                rates[who].Add(rate);
                if (cpu is { } microseconds) cpus[who].Add(microseconds);
            }

            if (daemons.Count == 2 && rates[1][^1] > 0) ratios.Add(rates[0][^1] / rates[1][^1]);
        }

        var figures = rates.Zip(cpus, (r, c) => new BenchFigure(Median(r)!.Value, Median(c)));
        var result = new BenchRow(load.Name, load.Unit, [.. figures], Median(ratios));
        row(result);
        return result;
    }

    private static (double PerSecond, double? CpuMicroseconds) Turn(BenchLoad load, BenchDaemon daemon, TimeSpan time, CancellationToken cancel)
    {
        var turn = new BenchTurn(daemon, time, cancel);
        var units = load.Work(turn);
        return (units / turn.Elapsed.TotalSeconds, units > 0 ? turn.Cpu?.TotalMicroseconds / units : null);
    }

    private static double? Median(List<double> values)
    {
        if (values.Count == 0) return null;
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    // Also when something has failed: a daemon that is gone has nothing to be removed from.
    private static void CleanUp(BenchDaemon daemon)
    {
        try
        {
            daemon.Control.Ask(BenchClient.Request(XsWireType.Rm, XenstoreLoads.Root + "|"));
        }
        catch (UserErrorException)
        {
        }

        daemon.Dispose();
    }
}
