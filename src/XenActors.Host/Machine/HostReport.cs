using System.Globalization;
using XenActors.Hypervisor;
using XenActors.Hypervisor.Domains;
using XenActors.Xenstore;

namespace XenActors.Machine;

/// <summary>Read models of a host, named after Xen's tools. Read between runs.</summary>
public static class HostReport
{
    /// <summary>As <c>xl list</c> prints (tools/xl/xl_list.c).</summary>
    public static IReadOnlyList<string> XlList(XenMachine machine, HostProfile host)
    {
        var lines = new List<string> { "Name                                        ID   Mem VCPUs\tState\tTime(s)" };
        lines.Add(Row("Domain-0", 0, host.Dom0.Memory, host.Dom0.Vcpus, "r-----", Seconds(machine, 0)));
        foreach (var domain in machine.Places.Processes.Keys)
        {
            var state = machine.Domain(domain);
            if (domain != 0 && state is { Spec: { } spec, Status: not DomainStatus.Dead })
            {
                var running = state.PauseCount == 0;

                // The video memory is not the guest's once the device model has taken it.
                var memory = spec.Memory - (running && spec.Type == DomainType.Hvm ? VideoMib(machine, domain) : 0);
                lines.Add(Row(spec.Name, domain, memory, spec.Vcpus, Flags(state), Seconds(machine, domain)));
            }
        }

        return lines;
    }

    /// <summary>State writes of both ends in the order in which xenstored saw them.</summary>
    public static IReadOnlyList<string> States(XenMachine machine) =>
        [.. machine.Simulator.StateOf<XenstoredState>(machine.Xenstored)!.StateWrites.Select(w => w.ToString())];

    /// <summary>Which logical process holds which actors, and the latency between processes.</summary>
    public static IReadOnlyList<string> Topology(XenMachine machine)
    {
        var lines = new List<string>();
        var names = machine.Simulator.ProcessNames;
        for (var process = 1; process < names.Count; process++)
        {
            lines.Add($"{names[process]}: {string.Join(", ", machine.Simulator.ActorsOf(process))}");
        }

        lines.Add($"lookahead {machine.Simulator.Lookahead}");
        return lines;
    }

    // running, blocked, paused, shutdown, why it shut down, dying
    private static string Flags(DomainState state)
    {
        var paused = state.PauseCount > 0;
        var down = state.Status == DomainStatus.Shutdown;
        return $"-{(paused || state.Status != DomainStatus.Alive ? '-' : 'b')}{(paused ? 'p' : '-')}{(down ? 's' : '-')}"
            + $"{(down ? "-rscwS"[(int)state.Reason] : '-')}{(state.Status == DomainStatus.Dying ? 'd' : '-')}";
    }

    private static string Row(string name, int id, long memory, int vcpus, string state, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{name,-40} {id,5} {memory,5} {vcpus,5}     {state}  {seconds,8:0.0}");

    private static double Seconds(XenMachine machine, ushort domain) =>
        machine.Simulator.WorkDone(machine.Places.Processes[domain]).Nanoseconds / 1e9;

    private static long VideoMib(XenMachine machine, ushort domain)
    {
        foreach (var node in machine.Store.Dump())
        {
            if (node.Path == $"/local/domain/{domain}/memory/videoram")
            {
                return long.Parse(node.Value.Span, CultureInfo.InvariantCulture) / 1024;
            }
        }

        return 0;
    }
}
