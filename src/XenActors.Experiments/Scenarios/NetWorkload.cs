using System.Globalization;
using XenActors.Experiments.Workloads.Net;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A stream of numbered frames from one domain to another.</summary>
internal sealed class NetWorkload(ScenarioWorkload plan) : Workload(plan)
{
    /// <summary>After the last frame was sent, those that are under way have so long; who needs longer never comes.</summary>
    private static readonly VirtualDuration Flight = VirtualDuration.FromSeconds(1);

    private Simulator? _simulator;
    private NetRun? _run;
    private ScenarioMachine? _machine;
    private bool _missing;
    private int _job;
    private long _done = -1;
    private VirtualTime _since;

    public override bool Finished
    {
        get
        {
            if (_missing)
            {
                return true;
            }

            if (_run is null || !Result.Done)
            {
                return false;
            }

            if (Done != _done)
            {
                (_done, _since) = (Done, _simulator!.Now);
            }

            return AllThere || _simulator!.Now - _since >= Flight;
        }
    }

    public override long Done => _run is null ? 0 : Result.Forward.Sent + Result.Forward.Received + (Result.Replies?.Received ?? 0);

    public override string Summary
    {
        get
        {
            if (_run is null)
            {
                return _missing ? "not begun: there is no device" : "not begun";
            }

            var text = Words(Result.Forward, "received");
            return (Result.Replies is { } replies ? $"{text}; {Words(replies, "came back")}" : text)
                + (Result.Corrupt > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Result.Corrupt} damaged") : "") + (Finished ? "" : ", not finished");
        }
    }

    private NetResult Result => _run!.Results()[_job];

    private bool AllThere => Result.Forward.Received >= Result.Forward.Sent - Result.Forward.Dropped && (Result.Replies is not { } replies || replies.Received >= replies.Sent);

    public override IReadOnlyList<string> Findings(bool undisturbed)
    {
        if (_run is null)
        {
            return [];
        }

        var result = Result;
        var findings = new List<string>();
        foreach (var (way, counts) in ((string, NetCounts?)[])[($"to {Plan.Net!.Peer}", result.Forward), ($"back from {Plan.Net.Peer}", result.Replies)])
        {
            if (counts is null)
            {
                continue;
            }

            if (counts.Duplicates > 0)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{Plan.Name}: {counts.Duplicates} frames {way} came twice"));
            }

            // What the sender's own queue has refused it was told of.
            var lost = counts.Lost - counts.Dropped - Congestion;
            if (undisturbed && Finished && lost > 0)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{Plan.Name}: {lost} of {counts.Sent} frames {way} were lost, and nothing had gone wrong"));
            }
        }

        if (result.Corrupt > 0)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{Plan.Name}: {result.Corrupt} frames were not as they were sent"));
        }

        return findings;
    }

    /// <exception cref="UserErrorException">One of the domains has no such device.</exception>
    public override void Start(ScenarioMachine machine)
    {
        var net = Plan.Net!;
        _machine = machine;
        var (from, to) = (machine.Guest(Plan.Domain)!, machine.Guest(net.Peer));
        try
        {
            var job = new NetJob
            {
                Name = Plan.Name,
                Guest = from.Plan.Name,
                Device = net.Device,
                PeerMac = to is null ? NetRun.MacOfBridge(from.Machine) : NetRun.MacOf(to.Machine, to.Domain, net.PeerDevice),
                FrameBytes = net.Frame,
                FrameBytesMax = net.FrameMax,
                IntervalNs = net.IntervalNs,
                Count = net.Count,
                Echo = net.Echo,
                Mtu = net.Mtu,
                Closes = true,
            };
            _job = machine.Network.Add(job);
        }
        catch (UserErrorException) when (machine.Scenario is { Faults.Count: > 0 } or { Commands.Count: > 0 } && HasDevice(from) && (to is null || HasDevice(to)))
        {
            // It has one by its configuration: what was done to the run has taken it away.
            (_missing, Started, Life) = (true, true, from.Domain);
            return;
        }
        catch (UserErrorException mistake)
        {
            throw new UserErrorException($"{Plan.Where}: {mistake.Message}", mistake);
        }

        (_simulator, _run) = (machine.Simulator, machine.Network);
        Life = from.Domain;
        Started = true;
    }

    // What the switch between the hosts had no room for, of all streams.
    private long Congestion => _machine?.Switch?.Ports.Sum(p => p.Dropped) ?? 0;

    private static bool HasDevice(ScenarioGuest guest) => guest.State.Spec is not null && guest.Plan.Config.Contains("vif", StringComparison.Ordinal);

    private static string Words(NetCounts counts, string word) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Sent} sent, {counts.Received} {word}, {counts.Lost} lost, {counts.Duplicates} twice, {counts.Reordered} out of order");
}
