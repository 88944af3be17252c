using XenActors.Experiments;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>A mistake in a scenario file is one line: file:line:column, what, and what was expected.</summary>
public sealed class WrongScenarioTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    [Theory]
    [InlineData("domians {}", "s.conf:1:9: expected a setting of a scenario but found 'domians', did you mean 'domains'?")]
    [InlineData("domains {\n  web { memry = 1 }\n}", "s.conf:2:17: expected a setting of a domain or a key of xl.cfg but found 'memry', did you mean 'memory'?")]
    [InlineData("end { at = 1s, setle = 1s }", "s.conf:1:24: expected a setting of the end but found 'setle', did you mean 'settle'?")]
    [InlineData("network { latncy = 1ms }", "s.conf:1:20: expected a setting of the network but found 'latncy', did you mean 'latency'?")]
    [InlineData("seed = many", "s.conf:1:8: expected a whole number from 0 to 18446744073709551615 at 'seed'")]
    [InlineData("hosts { a {} }\ndomains { web { host = b } }", "s.conf:2:24: expected one of the hosts a but found 'b'")]
    [InlineData("domains { web {} }\nworkloads { w { kind = foi } }", "s.conf:2:24: expected one of fio, store, net, hypercalls at 'kind' but found 'foi', did you mean 'fio'?")]
    [InlineData("domains { web {} }\nworkloads { w { domain = wbe } }", "s.conf:2:26: expected a domain of the scenario but found 'wbe', did you mean 'web'?; there are web")]
    [InlineData("domains { web {} }\nworkloads { w { kind = net, domain = web } }", "s.conf:2:15: expected a domain's name at 'peer' but found no such setting")]
    [InlineData("domains { web {} }\nworkloads { w { rw = randrww } }", "s.conf:2:22: expected one of read, write, randread, randwrite, rw, readwrite, randrw, trim, randtrim, did you mean 'randrw'?")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl paus web\" } }", "s.conf:2:22: expected a command of dom0's shell but found 'xl paus', did you mean 'xl pause'?")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl pause wbe\" } }", "s.conf:2:22: expected a domain of the scenario but found 'wbe', did you mean 'web'?; there are web")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl pause web now\" } }", "s.conf:2:22: xl pause DOMAIN: expected no more but found 'now'")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl block-detach web foo\" } }", "s.conf:2:22: xl block-detach DOMAIN VDEV [--force]: expected a virtual device as xvdb but found 'foo'")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl block-attach web xvdb\" } }", "s.conf:2:22: xl block-attach DOMAIN DISK-SPEC: expected a disk specification")]
    [InlineData("domains { web {} }\ncommands { c { run = \"xl save web\" } }", "s.conf:2:22: xl save -c DOMAIN: expected only checkpoints (-c)")]
    [InlineData("domains { web {} }\ncommands { c { run = \"resize /dev/x lots\" } }", "s.conf:2:22: resize PATH SIZE: expected a size as 64MiB but found 'lots'")]
    [InlineData("commands { c { run = power-loss, at = 1s, between = [1s, 2s] } }", "s.conf:1:53: expected one of at, between, on but found 'between' beside 'at'")]
    [InlineData("commands { c { run = power-loss, at = 1s, by = me } }", "s.conf:1:48: expected a setting of a command but found 'by'")]
    [InlineData("faults { f { kind = event-dorp } }", "s.conf:1:21: ")]
    [InlineData("hosts { a {}, b {} }\nfaults { f { kind = xenstore-delay, host = c } }", "s.conf:2:44: expected one of the hosts a, b but found 'c'")]
    [InlineData("checkers = [g1-no-lost-requests]", "s.conf:1:12: expected a checker or all but found 'g1-no-lost-requests', did you mean 'g1-no-lost-request'?")]
    [InlineData("volumes { \"/dev/vg/x\" { size = 64 MiB } }", "s.conf:1:23: no disk of the scenario's domains has the path /dev/vg/x; they have none")]
    public void It_is_told_at_its_place(string text, string message)
    {
        var mistake = Assert.Throws<UserErrorException>(() =>
            ScenarioRun.Prepare(ScenarioFile.Parse(text, "s.conf", Profiles, Profiles), 1, EngineOptions.Sequential, Profiles));
        Assert.StartsWith(message, mistake.Message);
        Assert.DoesNotContain('\n', mistake.Message);
    }
}
