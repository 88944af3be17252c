using XenActors.Experiments.Boot;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Checkers.Block;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Fio;
using XenActors.Hypervisor.EventChannels;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Tests.Experiments.Boot;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class WholeMachineTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 0)]
    [InlineData("xen_platform_pci=0", 1)]
    [InlineData("xen_platform_pci=0", 0)]
    public void All_checkers_hold_under_random_writes_with_syncs(string more, int direct)
    {
        var session = _rig.Page(kernel: "debian12-6.1", edit: text => text.Replace("xen_platform_pci=1", more, StringComparison.Ordinal));
        var checkers = CheckerCatalog.CreateAll();
        var run = CheckedBoot.Run(session, checkers, seconds: 20, end: false);
        var disk = run.Machine.Kernel(run.Machine.Guests[0])!.Disks.Find(d => !d.Removable && d.Sectors > 0)!.Name;
        var jobs = FioJobFile.Parse(
            $"jobs {{ j {{ filename = {disk}, rw = randrw, bs = 4k, iodepth = 8, direct = {direct}, size = 1m, fsync = 8, numjobs = 2, norandommap = 1 }} }}", "j.conf");
        FioRun.Start(run.Machine, jobs, session.Host);
        CheckedBoot.Continue(run, checkers, 20);
        CheckedBoot.End(run, checkers);
        CheckedBoot.Holds(checkers);
        var sectors = checkers.Find(c => c.Name == "block-linearizable")!;
        Assert.True(sectors.Branches["write"] > 20 && sectors.Branches["read"] > 20, $"{sectors.Branches["write"]} writes");
        var users = checkers.Find(c => c.Name == "block-users-linearizable")!;
        Assert.True(users.Branches["Write"] > 100 && users.Branches["Read"] > 100 && users.Branches["Sync"] > 10, string.Join(' ', users.Branches));
        Assert.True(checkers.Find(c => c.Name == "g4-durability")!.Branches.ContainsKey("flush"), "nobody flushed");
    }

    [Fact]
    public void Checkers_change_no_history_and_see_the_same_on_every_engine()
    {
        var plain = _rig.Page(kernel: "debian12-6.1").Build(3, EngineOptions.Sequential);
        plain.Simulator.RunFor(VirtualDuration.FromSeconds(40));
        var known = History.Of(plain.Simulator);
        var seen = new List<string>();
        foreach (var engine in (EngineOptions[])[EngineOptions.Sequential, EngineOptions.Threads(2)])
        {
            var checkers = CheckerCatalog.CreateAll();
            var run = CheckedBoot.Run(_rig.Page(kernel: "debian12-6.1"), checkers, seed: 3, engine: engine);
            CheckedBoot.Holds(checkers);
            Assert.Equal(known.Fingerprint, run.Simulator.Fingerprint);
            seen.Add(string.Join('\n', checkers.Select(c => $"{c.Name} {c.Seen} {string.Join(' ', c.Branches)}")));
        }

        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public void Two_histories_that_part_are_told_with_the_processes_that_differ()
    {
        History Run(ulong seed, EngineOptions engine, ITraceSink? sink = null)
        {
            var machine = _rig.Page(kernel: "debian12-6.1").Build(seed, engine);
            machine.Simulator.TraceTo(sink);
            machine.Simulator.RunFor(VirtualDuration.FromSeconds(20));
            return History.Of(machine.Simulator);
        }

        var known = Run(1, EngineOptions.Sequential);
        Assert.Null(Determinism.Check(known, EngineOptions.Sequential, (e, s) => Run(1, e, s), EngineOptions.Sequential, EngineOptions.Threads(2)));

        // As if the second engine drew by another seed: the record that is told is the first of the two traces that differs.
        var parted = Determinism.Check(known, EngineOptions.Sequential, (e, s) => Run(e == EngineOptions.Sequential ? 1UL : 2, e, s), EngineOptions.Sequential, EngineOptions.Threads(2))!;
        var logs = new[] { new TraceLog(), new TraceLog() };
        Run(1, EngineOptions.Sequential, logs[0]);
        Run(2, EngineOptions.Sequential, logs[1]);
        var first = TraceDiff.First(logs[0], logs[1])!;
        Assert.StartsWith("a second run (on 2 threads) gave another history, in dom0", parted.Text, StringComparison.Ordinal);
        Assert.Contains($"record {first.Index + 1} of the trace was [{first.Left!.Split(" #")[0]} #", parted.Text, StringComparison.Ordinal);
        Assert.Contains($"and then [{first.Right!.Split(" #")[0]} #", parted.Text, StringComparison.Ordinal);
        Assert.True(parted.At <= known.Now);
    }

    [Fact]
    public void A_disk_that_never_answers_is_told_in_words()
    {
        var liveness = new Liveness { Within = VirtualDuration.FromSeconds(5) };
        var requests = new NoLostRequest { Patience = VirtualDuration.FromSeconds(1) };
        var checkers = new Checker[] { liveness, requests };
        CheckedBoot.Run(_rig.Page(kernel: "debian12-6.1"), checkers, prepare: machine => machine.Simulator.InstallOnLink(
            machine.Disks.Process, machine.Xenstored.Process, new FaultRule<DiskDone>("silence", (_, _) => Verdict.Drop)));
        var text = liveness.Violations[0].Text;
        Assert.Contains(liveness.Violations, v => v.Text.Contains("dom1/vbd/768: 1 requests are out (ids 0) on xvda's ring 0: req_prod 1, rsp_prod 0, rsp_cons 0, event channel port", StringComparison.Ordinal)
            && v.Text.Contains("the backend is 4 (Connected), at Waiting, 1 of 1 rings mapped, 1 requests in flight", StringComparison.Ordinal));
        Assert.StartsWith("for ", text, StringComparison.Ordinal);
        Assert.Contains("has had no answer", Assert.Single(requests.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backend_that_hears_nothing_is_told_in_words()
    {
        var session = _rig.Page(kernel: "debian12-6.1");
        var machine = session.Build(1, EngineOptions.Sequential);
        var pending = new List<string>();
        machine.Simulator.RunUntil(machine.Simulator.Now + VirtualDuration.FromMilliseconds(1));
        Assert.Contains(Pending.Of(machine), p => p is { Who: "dom0", Prompt: false });
        for (var i = 0; i < 4000; i++)
        {
            machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(1));
            pending.AddRange(Pending.Of(machine).Select(p => p.ToString()));
        }

        Assert.Contains(pending, p => p.StartsWith("dom1: xl create is at step", StringComparison.Ordinal));
        for (var i = 0; i < 20_000 && pending.TrueForAll(p => !p.Contains("waits for its backend's state", StringComparison.Ordinal)); i++)
        {
            machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(1));
            pending.AddRange(Pending.Of(machine).Select(p => p.ToString()));
        }

        Assert.Contains(pending, p => p.StartsWith("dom1/", StringComparison.Ordinal) && p.Contains("waits for its backend's state", StringComparison.Ordinal));
        machine.Simulator.RunFor(VirtualDuration.FromSeconds(40));
        Assert.Empty(Pending.Of(machine));
    }

    [Fact]
    public void Two_running_domains_with_one_UUID_are_found()
    {
        const string uuid = "\nuuid = \"11111111-2222-3333-4444-555555555555\"\n";
        var configs = new[] { "one", "two" }.Select(name => _rig.Write($"{name}.cfg", File.ReadAllText(BootRig.Example("f16pvhvm.cfg"))
            .Replace("f16pvhvm", name, StringComparison.Ordinal).Replace("00:16:4f:02:02:15", name == "one" ? "00:16:4f:02:02:15" : "00:16:4f:02:02:16", StringComparison.Ordinal) + uuid)).ToArray();
        var checker = new OneInstance();
        CheckedBoot.Run(_rig.Prepare(new BootOptions { Configs = configs, Kernel = "debian12-6.1" }), [checker]);
        Assert.Contains("dom1 and dom2 run both", checker.Violations[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_upcall_in_a_machine_at_rest_is_found()
    {
        var checker = new Quiescence();
        var run = CheckedBoot.Run(_rig.Page(kernel: "debian12-6.1"), [checker], end: false);
        var channels = run.Machine.EventChannels(1).Channels;
        var port = channels.Ports.First(p => p.Value.State == Abi.EvtchnState.Interdomain && !channels.IsMasked(p.Key)).Key;
        Assert.Empty(checker.Violations);
        channels.SetPending(port);
        CheckedBoot.End(run, [checker]);
        Assert.Contains($"dom1: port {port} (Interdomain) is pending and not masked", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_domain_leaves_behind_is_found()
    {
        var checker = new Accounting { Patience = VirtualDuration.FromSeconds(1) };
        var run = CheckedBoot.Run(_rig.Page(kernel: "debian12-6.1"), [checker], end: false);
        run.Machine.Domain(1).Kernel = ActorRef.None;
        CheckedBoot.Continue(run, [checker], 2);
        CheckedBoot.End(run, [checker]);
        foreach (var leak in (string[])["the store still has /local/domain/", "still leads to it", "still mapped", "the backend of backend/", "keeps its connection"])
        {
            Assert.Contains(checker.Violations, v => v.Text.Contains(leak, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Spurious_events_that_are_not_slowed_down_are_found()
    {
        var checker = new BoundedWork();
        var run = CheckedBoot.Run(_rig.Page(kernel: "debian12-6.1"), [checker], end: false);
        var (driver, events) = (run.Machine.Places.Xenbus(0), run.Machine.Places.EventChannels(0));
        for (var i = 0; i < 40; i++)
        {
            checker.On(new(run.Simulator.Now, events, driver), new LateEoi(7, Spurious: true));
        }

        Assert.Contains("through port 7 for nothing", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }
}
