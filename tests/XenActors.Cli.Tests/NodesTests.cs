using System.Diagnostics;

namespace XenActors.Tests.Cli;

/// <summary>One simulation over several processes, as the command starts it.</summary>
public sealed class NodesTests
{
    private const string Sections = "dmesg,partitions,links,verdict,xenstore,states,fingerprint";

    // The host's dom0 and its disks lie in the first process, the guest in the second.
    [OpenMpiTheory]
    [InlineData("f16pvhvm.cfg", "fedora16-3.1", 2)]
    public void A_guest_boots_in_another_process_than_its_host_and_nothing_tells_the_difference(string file, string kernel, int nodes)
    {
        string[] boot = ["boot", Command.Example(file), "--kernel", kernel, "--seed", "7", "--print", Sections];
        var one = Command.Run(boot);
        var several = Command.Run([.. boot, "--nodes", $"{nodes}"]);
        Assert.Equal(0, one.ExitCode);
        Assert.Equal(one, several);
    }

    // Workloads, commands and checkers that see the store, disks and grants of both processes.
    [OpenMpiTheory]
    [InlineData("power-loss.conf", 2)]
    public void A_scenario_with_its_checkers_tells_in_several_processes_what_it_tells_in_one(string file, int nodes)
    {
        string[] run = ["run", Path.Combine(AppContext.BaseDirectory, "hocon", "scenarios", file), "--json"];
        var one = Command.Run(run);
        var several = Command.Run([.. run, "--nodes", $"{nodes}"]);
        Assert.Equal(0, one.ExitCode);
        Assert.Equal(one, several);
    }

    [OpenMpiTheory]
    [InlineData("balanced", "", 2)]
    [InlineData("explicit", "explicit { dom0 = 1, phys = 0, \"dom*\" = 0 }", 2)]
    public void Where_processes_run_changes_nothing(string strategy, string more, int nodes)
    {
        var scenario = Path.Combine(Path.GetTempPath(), $"placed-{Environment.ProcessId}-{strategy}.conf");
        File.WriteAllText(scenario, $"domains {{ web {{}} }}\nend {{ settle = 0s }}\nplacement {{ strategy = {strategy}, {more} }}\n");
        try
        {
            var one = Command.Run("run", scenario, "--json");
            Assert.Equal(0, one.ExitCode);
            var (code, output, errors) = Command.Run("run", scenario, "--json", "--nodes", $"{nodes}", "--stats");
            Assert.Equal((one.ExitCode, one.Output), (code, output));
            var rows = errors.Split('\n').Skip(1).Take(nodes).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            using var json = System.Text.Json.JsonDocument.Parse(one.Output);
            Assert.Equal(json.RootElement.GetProperty("messages").GetInt64(), rows.Sum(r => long.Parse(r[3], System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Single(rows.Select(r => r[4]).Distinct());
            Assert.Contains("imbalance", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(scenario);
        }
    }

    [OpenMpiTheory]
    [InlineData("crash-and-reboot.conf", 2)]
    public void A_node_that_is_killed_ends_the_run_and_is_named(string file, int nodes)
    {
        var (code, output, errors) = Killed($"run {Path.Combine(AppContext.BaseDirectory, "hocon", "scenarios", file)} --nodes {nodes}", "sleep 0.7");
        Assert.Equal((1, ""), (code, output));
        Assert.Matches(@"^xenactors: node 1 \(.+\) was ended by signal 9 \(Killed\): the run is lost\n$", errors);
    }

    [OpenMpiTheory]
    [InlineData("power-loss.conf", 2)]
    public void A_scenario_that_has_lost_a_node_is_run_again_from_the_beginning(string file, int nodes)
    {
        var scenario = Path.Combine(AppContext.BaseDirectory, "hocon", "scenarios", file);
        var (code, output, errors) = Killed($"run {scenario} --json --nodes {nodes} --restarts 1", "sleep 0.7");
        Assert.Equal(Command.Run("run", scenario, "--json"), (code, output, ""));
        Assert.Matches(@"^xenactors: node 1 \(.+\) was ended by signal 9 \(Killed\): started again on 1 node from the beginning \(1 of 1\)\n$", errors);
    }

    // On one node fewer, from a checkpoint that two have made.
    [OpenMpiTheory]
    [InlineData("debian12.cfg", "debian12-6.1", 3)]
    public void A_boot_that_has_lost_a_node_goes_on_from_its_last_checkpoint(string file, string kernel, int nodes)
    {
        var checkpoints = Directory.CreateTempSubdirectory("boot-").FullName;
        try
        {
            var boot = $"boot {Command.Example(file)} --kernel {kernel} --seed 7 --print {Sections}";
            var (code, output, errors) = Killed(
                $"{boot} --nodes {nodes} --restarts 2 --checkpoints {checkpoints} --checkpoint-every 500ms",
                $"until [ -n \"$(ls {checkpoints} | grep ^at-)\" ]; do sleep 0.01; done");
            var one = Command.Run(boot.Split(' '));
            Assert.Equal((one.ExitCode, one.Output), (code, output));
            Assert.Matches(@"(?m)^xenactors: node 1 \(.+\) was ended by signal 9 \(Killed\): started again on 2 nodes from the checkpoint at \d+\.\d+ \(1 of 2\)$", errors);

            // And once more, in one process, from the last one of those.
            var again = Command.Run([.. boot.Split(' '), "--resume", checkpoints]);
            Assert.Equal((one.ExitCode, one.Output), (again.ExitCode, again.Output));
            var other = Command.Run([.. boot.Split(' '), "--resume", checkpoints, "--kernel", "fedora16-3.1"]);
            Assert.Equal(2, other.ExitCode);
        }
        finally
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }

    [Theory]
    [InlineData("--resume /no-such", "--resume /no-such: there is no whole checkpoint\n")]
    [InlineData("--checkpoints /tmp --checkpoint-every often", "--checkpoint-every: expected a length of time as 500ms or 5s but found often\n")]
    public void A_mistake_about_checkpoints_is_one_line(string options, string line)
    {
        var (code, output, errors) = Command.Run(["boot", Command.Example("debian12.cfg"), .. options.Split(' ')]);
        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith(line, errors, StringComparison.Ordinal);
    }

    // Its second process, when the shell's command `when` has ended.
    private static (int ExitCode, string Output, string Errors) Killed(string command, string when)
    {
        var mark = $"{Environment.ProcessId}-{Interlocked.Increment(ref _marks)}";
        return Command.Shell(
            $"""
            NODES_TEST={mark} dotnet {Command.Program} {command} &
            until [ -n "$found" ]; do
              sleep 0.1
              for p in /proc/[0-9]*; do
                if tr '\0' ' ' < $p/environ | grep -q "OMPI_COMM_WORLD_RANK=1 .*NODES_TEST={mark} \|NODES_TEST={mark} .*OMPI_COMM_WORLD_RANK=1 "; then found=$(basename $p); fi
              done 2> /dev/null
            done
            {when}
            kill -9 $found
            wait $!
            """);
    }

    private static int _marks;

    // Started by mpirun itself, with other files on node 1: it ends before it has joined, or is told apart.
    [OpenMpiTheory]
    [InlineData("no-such.conf", 2, "^no-such.conf: no such scenario file$")]
    [InlineData("power-loss.conf", 1, @"^xenactors: node 1 \(.+\) cannot run with node 0 \(.+\): it runs another scenario \(.*power-loss.conf [0-9a-f]+, not .*two-guests.conf [0-9a-f]+\)$")]
    public void A_node_with_another_file_ends_the_run(string other, int ends, string line)
    {
        var scenarios = Path.Combine(AppContext.BaseDirectory, "hocon", "scenarios");
        var theirs = File.Exists(Path.Combine(scenarios, other)) ? Path.Combine(scenarios, other) : other;
        var root = Environment.UserName == "root" ? "--allow-run-as-root" : "";
        var watch = Stopwatch.StartNew();
        var (code, _, errors) = Command.Shell(
            $"mpirun --quiet --oversubscribe --bind-to none {root} -n 1 dotnet {Command.Program} run {scenarios}/two-guests.conf : -n 1 dotnet {Command.Program} run {theirs}");
        Assert.Equal(ends, code);
        Assert.Contains(errors.Split('\n'), l => System.Text.RegularExpressions.Regex.IsMatch(l, line));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"it took {watch.Elapsed}");
    }

    [OpenMpiTheory]
    [InlineData("boot no-such.cfg --nodes 2", "no-such.cfg: no such file\n")]
    [InlineData("run no-such.conf --nodes 2", "no-such.conf: no such scenario file\n")]
    [InlineData("bench phold --nodes 2 --hostfile no-such-hosts", "--hostfile no-such-hosts: no such file\n")]
    [InlineData("boot no-such.cfg --nodes 2 --trace t", "--trace: expected it without --nodes: a trace would hold one process's part\n")]
    public void A_mistake_is_told_once(string line, string errors) => Assert.Equal((2, "", errors), Command.Run(line.Split(' ')));
}
