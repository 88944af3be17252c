using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>Each command that is typed gets xl's own answer in the end, whatever else is typed meanwhile.</summary>
public sealed class TypedCommandTests
{
    private const string Failed = " Failed to save domain, resuming domain";

    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    [Fact]
    public void A_guest_that_is_destroyed_while_it_is_suspended_is_gone_for_both()
    {
        var outcome = Run("first { run = \"xl suspend web\", at = 15s }, second { run = \"xl destroy web\", at = 15001ms }");
        Assert.Equal([$"guest we were suspending has been destroyed{Failed}", "done"], outcome.Commands.Select(c => c.Answer));
        Assert.Equal("gone", outcome.Domains[0].State);
    }

    // The kernel runs, and user space does not stand yet: it takes the request and does not act on it.
    [Theory]
    [InlineData("xl suspend web")]
    [InlineData("xl save -c web")]
    public void A_suspend_while_the_kernel_boots_times_out(string command)
    {
        var outcome = Run($"first {{ run = \"{command}\", at = 3s }}");
        Assert.Equal($"guest did not suspend, timed out{Failed}", outcome.Commands.Single().Answer);
        Assert.StartsWith("booted", outcome.Domains[0].State, StringComparison.Ordinal);
    }

    // Before its drivers are there an HVM guest is not asked, and notices nothing; before its kernel runs, too.
    [Theory]
    [InlineData("400ms")]
    [InlineData("500ms")]
    public void An_HVM_guest_without_drivers_is_saved_unasked(string at)
    {
        var outcome = Run($"first {{ run = \"xl save -c web\", at = {at} }}");
        Assert.Equal("done", outcome.Commands.Single().Answer);
        Assert.StartsWith("booted", outcome.Domains[0].State, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_is_destroyed_while_it_reboots_answers_and_comes_again()
    {
        var outcome = Run("first { run = \"xl reboot web\", at = 15s }, second { run = \"xl destroy web\", at = 15500ms }");
        Assert.Equal(["done", "done"], outcome.Commands.Select(c => c.Answer));
        Assert.Equal((ushort)2, outcome.Domains[0].Domain);
    }

    [Fact]
    public void Of_two_suspends_at_once_one_finds_the_name_taken()
    {
        var outcome = Run("second { run = \"xl suspend web\", at = 15s }, first { run = \"xl suspend web\", at = 15001ms }");
        Assert.Equal(["", "Domain with name \"web\" already exists."], outcome.Commands.Select(c => c.Answer == "done" ? "" : c.Answer).Order(StringComparer.Ordinal));
        Assert.StartsWith("booted", outcome.Domains[0].State, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backends_module_that_is_loaded_again_leaves_pairs_of_states_that_nobody_objects_to()
    {
        foreach (var at in (string[])["5s", "6700ms", "6800ms", "7s", "15s"])
        {
            var outcome = Run($"first {{ run = \"reload-backend web/xvda\", at = {at} }}, second {{ run = \"xl reboot web\", at = 16s }}", "restarts = 1");
            Assert.Equal("done", outcome.Commands[0].Answer);
            Assert.DoesNotContain(outcome.Commands, c => c.Answer.Length == 0);
        }
    }

    [Fact]
    public void A_killed_xl_leaves_its_QEMU_and_other_commands_are_answered()
    {
        var run = Prepare(
            """
            commands { attach { run = "xl block-attach web phy:/dev/vg/more,xvdb,w", at = 15s }, gone { run = "xl destroy web", at = 25s } }
            faults { kill { kind = toolstack-kill, domain = web, at = 12s } }
            """);
        var outcome = run.ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal(["done", "done"], outcome.Commands.Select(c => c.Answer));
        Assert.Equal("gone", outcome.Domains[0].State);
        Assert.Empty(run.Machine.Simulator.FindAll("dom0/toolstack/xl-*"));
    }

    [Fact]
    public void Of_a_domain_whose_xl_was_killed_nobody_hears_the_end()
    {
        var run = Prepare(
            """
            commands { down { run = "xl shutdown web", at = 15s } }
            faults { kill { kind = toolstack-kill, domain = web, at = 12s } }
            """);
        var outcome = run.ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal("shut down: poweroff", outcome.Domains[0].State);
        Assert.Single(run.Machine.Simulator.FindAll("dom0/toolstack/xl-*/qemu-1"));
    }

    private static ScenarioOutcome Run(string commands, string more = "restarts = 2")
    {
        var outcome = Prepare($"commands {{ {commands} }}", more).ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal("everything was done", outcome.EndedBy);
        return outcome;
    }

    private static ScenarioRun Prepare(string text, string more = "restarts = 0")
    {
        var scenario = ScenarioFile.Parse($"domains {{ web {{ disk = [\"phy:/dev/vg/web,xvda,w\"], on_reboot = restart, {more} }} }}\n{text}", "t.conf", Profiles, Profiles);
        return ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles);
    }
}
