using XenActors.Experiments.Profiles;
using XenActors.Hocon;

namespace XenActors.Experiments.Swarms;

/// <summary>The keys that a swarm file may have; <c>hocon/swarm/general.conf</c> says what each means.</summary>
internal static class SwarmKeys
{
    private static readonly string[] Domains =
        ["count", "kernel", "type", "vcpus", "memory", "restarts", "cmdline", "disks", "disk-prefix", "backend", "volume-size", "nics", "vif", "cdroms", "emulated"];

    /// <exception cref="HoconException">A key is none of them: file:line:column and the nearest one.</exception>
    public static void Check(HoconObject root, HoconObject ranges)
    {
        Refuse(root, ["swarm", "description"], "a swarm file");
        Refuse(ranges, ["host", "hosts", "network", "domains", "workloads", "commands", "faults", "end"], "a swarm");
        if (ranges.TryGetObject("network", out var network))
        {
            Refuse(network, ["latency", "bandwidth", "port-buffer"], "a swarm's network");
        }

        Refuse(ranges.GetObject("domains"), Domains, "a swarm's domains");
        Refuse(ranges.GetObject("workloads"), ["count", "kind", "fio", "store", "net", "hypercalls"], "a swarm's workloads");
        if (ranges.TryGetObject("commands", out var commands))
        {
            Refuse(commands, ["count", "line", "at", "messages", "nth", "states"], "a swarm's commands");
        }

        if (ranges.TryGetObject("faults", out var faults))
        {
            Refuse(faults, ["count", "kinds", "at", "lasts", "messages", "device-messages", "nth", "fitting", "states", "parameters", "settings"], "a swarm's faults");
        }
    }

    private static void Refuse(HoconObject section, string[] known, string what)
    {
        foreach (var key in section.Keys)
        {
            if (Array.IndexOf(known, key) < 0)
            {
                section.TryGetField(key, out var value);
                throw new HoconException(
                    value.Origin, $"expected a setting of {what} but found '{key}'{HostSettings.Nearest(key, known)}; known here: {string.Join(", ", known)}");
            }
        }
    }
}
