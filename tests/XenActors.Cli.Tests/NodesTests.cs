namespace XenActors.Tests.Cli;

/// <summary>One simulation over several processes, as the command starts it.</summary>
public sealed class NodesTests
{
    private const string Sections = "dmesg,partitions,links,verdict,xenstore,states,fingerprint";

    // The host's dom0 lies in the first process, its disks and the guest in the second.
    [OpenMpiTheory]
    [InlineData("f16pvhvm.cfg", "fedora16-3.1", 2)]
    [InlineData("debian12.cfg", "debian12-6.1", 3)]
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
    [InlineData("two-guests.conf", 2)]
    [InlineData("hot-plug.conf", 3)]
    public void A_scenario_with_its_checkers_tells_in_several_processes_what_it_tells_in_one(string file, int nodes)
    {
        string[] run = ["run", Path.Combine(AppContext.BaseDirectory, "hocon", "scenarios", file), "--json"];
        var one = Command.Run(run);
        var several = Command.Run([.. run, "--nodes", $"{nodes}"]);
        Assert.Equal(0, one.ExitCode);
        Assert.Equal(one, several);
    }

    [OpenMpiTheory]
    [InlineData("boot no-such.cfg --nodes 2", "no-such.cfg: no such file\n")]
    [InlineData("run no-such.conf --nodes 2", "no-such.conf: no such scenario file\n")]
    [InlineData("bench phold --nodes 2 --hostfile no-such-hosts", "--hostfile no-such-hosts: no such file\n")]
    [InlineData("boot no-such.cfg --nodes 2 --trace t", "--trace: expected it without --nodes: a trace would hold one process's part\n")]
    public void A_mistake_is_told_once(string line, string errors) => Assert.Equal((2, "", errors), Command.Run(line.Split(' ')));
}
