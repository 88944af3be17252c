using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Live.Hosts;

/// <summary>What has become of a host's guests since the last time somebody asked, in a line each.</summary>
internal sealed class GuestProgress(XenMachine machine)
{
    private readonly bool[] told = new bool[machine.Guests.Count];
    private int answers;
    private bool ready;

    public IEnumerable<string> News()
    {
        var shell = machine.OperatorState;
        if (!ready && (shell.Done || shell.Orders.Count < machine.Guests.Count))
        {
            ready = true;
            yield return $"{HostWatch.At(machine.Simulator.Now)}: dom0 is up";
        }

        for (; answers < shell.Answers.Count; answers++)
        {
            var answer = shell.Answers[answers];
            yield return $"{HostWatch.At(machine.Simulator.Now)}: {(answer.Ok ? $"{Name(answer.Domain)} is created" : answer.Message)}";
        }

        for (var i = 0; i < told.Length; i++)
        {
            if (told[i] || machine.Domain(machine.Guests[i]).Outcome is not { } outcome) continue;
            told[i] = true;
            yield return $"{HostWatch.At(machine.Simulator.Now)}: {Name(machine.Guests[i])} {(outcome.Ok ? "has booted" : "has not booted")}: {outcome.Reason}";
        }
    }

    private string Name(ushort domain) => machine.Domain(domain).Spec is { } spec ? $"{spec.Name} (domain {domain})" : $"domain {domain}";
}
