using System.Globalization;

namespace XenActors.Experiments.Placement;

/// <summary>
/// Where the logical processes of a machine room run. Their names say what they are (see <c>MachineRoom</c>): a host's stand behind its name and a slash, guests
/// are <c>dom1</c> and on, everything else is the host's own: <c>dom0</c>, <c>phys</c>.
/// </summary>
/// <param name="nodes">Processes of the operating system.</param>
/// <param name="each">Partitions of each: partitions are numbered node by node.</param>
public sealed class Places(int nodes, int each)
{
    private int Count => nodes * each;

    /// <summary>The partition of each process.</summary>
    /// <param name="loads">What each process has to do, for <see cref="PlacementStrategy.Balanced"/>.</param>
    /// <exception cref="UserErrorException">An explicit placement names nobody, forgets somebody, or parts what cannot be parted.</exception>
    public IReadOnlyList<int> Of(ScenarioPlacement placement, IReadOnlyList<string> processes, IReadOnlyList<long>? loads) => placement.Strategy switch
    {
        PlacementStrategy.ByHost => ByHost(processes),
        PlacementStrategy.Explicit => Explicit(placement.Explicit, processes),
        PlacementStrategy.Balanced when loads is not null => Balanced(loads),
        _ => ByDomain(processes),
    };

    private int[] ByHost(IReadOnlyList<string> processes)
    {
        var hosts = HostsOf(processes);
        return [.. processes.Select(p => (int)((long)Math.Max(0, hosts.IndexOf(HostOf(p))) * Count / hosts.Count))];
    }

    // Hosts in turn; each host's guests over the partitions after its own.
    private int[] ByDomain(IReadOnlyList<string> processes)
    {
        var hosts = HostsOf(processes);
        var guests = new int[hosts.Count];
        return [.. processes.Select(p =>
        {
            var host = Math.Max(0, hosts.IndexOf(HostOf(p)));
            return IsGuest(p) && Count > 1 ? (host + 1 + (guests[host]++ % (Count - 1))) % Count : host % Count;
        })];
    }

    // The busiest first, each to whoever has least so far.
    private int[] Balanced(IReadOnlyList<long> loads)
    {
        var owners = new int[loads.Count];
        var sums = new long[Count];
        foreach (var process in Enumerable.Range(0, loads.Count).OrderByDescending(p => loads[p]).ThenBy(p => p))
        {
            owners[process] = Array.IndexOf(sums, sums.Min());
            sums[owners[process]] += loads[process] + 1;
        }

        return owners;
    }

    private int[] Explicit(IReadOnlyList<PlacedProcess> placed, IReadOnlyList<string> processes)
    {
        foreach (var one in placed)
        {
            Check(one, processes);
        }

        var owners = new int[processes.Count];
        var taken = new int[nodes];
        for (var i = 1; i < owners.Length; i++)
        {
            var one = placed.Where(p => Fits(p, processes[i])).MaxBy(p => p.Process.EndsWith('*') ? p.Process.Length : int.MaxValue)
                ?? throw new UserErrorException($"{(placed.Count > 0 ? placed[0].Where : "placement")}: expected a node for every logical process but found none for {processes[i]}; \"*\" = 0 stands for all others");
            owners[i] = (one.Node * each) + (taken[one.Node]++ % each);
        }

        return owners;
    }

    private void Check(PlacedProcess one, IReadOnlyList<string> processes)
    {
        if (one.Node >= nodes)
        {
            throw new UserErrorException($"{one.Where}: expected a node from 0 to {nodes - 1} for {one.Process} but found {one.Node}");
        }

        // A process's name may begin with another's: the longest is meant.
        if (!processes.Any(p => Fits(one, p)))
        {
            throw new UserErrorException(processes.Where(p => one.Process.StartsWith(p + "/", StringComparison.Ordinal)).MaxBy(p => p.Length) is { } process
                ? $"{one.Where}: {one.Process} cannot be parted from {process}: actors of one logical process talk in zero time, so a cut between them has no lookahead; place {process} as a whole"
                : $"{one.Where}: expected a logical process of the scenario but found '{one.Process}'; there are {string.Join(", ", processes.Skip(1))}");
        }
    }

    private static bool Fits(PlacedProcess one, string process) =>
        one.Process.EndsWith('*') ? process.StartsWith(one.Process[..^1], StringComparison.Ordinal) : one.Process == process;

    // In the order in which they come. What no host has (the world outside, the network) stands with the first.
    private static List<string> HostsOf(IReadOnlyList<string> processes)
    {
        List<string> hosts = [.. processes.Where(p => p.Contains('/', StringComparison.Ordinal)).Select(HostOf).Distinct()];
        return hosts.Count > 0 ? hosts : [""];
    }

    private static string HostOf(string process) => process.Contains('/', StringComparison.Ordinal) ? process[..process.IndexOf('/', StringComparison.Ordinal)] : "";

    private static bool IsGuest(string process)
    {
        var name = process[(process.LastIndexOf('/') + 1)..];
        return name.StartsWith("dom", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var domain) && domain > 0;
    }
}
