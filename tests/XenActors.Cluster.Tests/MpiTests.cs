using XenActors.Simulation;

namespace XenActors.Tests.Cluster;

public sealed class MpiTests
{
    [OpenMpiTheory]
    [InlineData("phold", 2, 1)]
    [InlineData("phold", 3, 1)]
    [InlineData("phold", 2, 2)]
    [InlineData("rich", 2, 1)]
    [InlineData("rich", 3, 1)]
    public void Processes_have_the_history_of_one_thread_and_of_two(string workload, int nodes, int partitions)
    {
        var one = Workloads.Build(workload, 5, EngineOptions.Sequential);
        one.RunUntil(Workloads.End);
        var two = Workloads.Build(workload, 5, EngineOptions.Threads(2));
        two.RunUntil(Workloads.End);
        Assert.Equal(Workloads.Outcome(one), Workloads.Outcome(two));

        var (code, output, errors) = Child.Run("run", $"{nodes}", workload, "5", $"{partitions}");
        Assert.Equal(("", 0), (errors, code));
        Assert.Equal(Workloads.Outcome(one), output);
    }

    [OpenMpiTheory]
    [InlineData(2)]
    public void Nodes_with_different_scenarios_refuse_each_other(int nodes)
    {
        var (_, output, _) = Child.Run("run", $"{nodes}", "apart", "1", "1");
        Assert.Matches(@"^node 1 \(.+\) cannot run with node 0 \(.+\): it runs another scenario \(apart 1, not apart 0\)$", output);
    }

    // The others wait for it in the middle of a window, and are ended.
    [OpenMpiTheory]
    [InlineData("die", 3, @"^node 1 \(.+\) was ended by signal 9 \(Killed\)$")]
    [InlineData("leave", 2, @"^node 1 \(.+\) left the run before its end$")]
    [InlineData("throw", 3, @"^node 1 \(.+\): IOException: no space left$")]
    public void A_node_that_ends_alone_ends_the_run_and_one_line_says_which_it_was(string how, int nodes, string line)
    {
        var (code, output, errors) = Child.Run("run", $"{nodes}", how);
        Assert.NotEqual(0, code);
        Assert.Equal("", output);
        Assert.Matches(line, errors);
    }

    [OpenMpiTheory]
    [InlineData(2)]
    public void An_actor_that_throws_in_one_process_ends_the_run_in_all(int nodes)
    {
        var (code, output, errors) = Child.Run("run", $"{nodes}", "actor");
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches(@"^.+/fuse failed at .+ with seed 1: InvalidOperationException: the fuse has blown$", output);
    }

    [OpenMpiTheory]
    [InlineData("/nowhere")]
    public void Without_Open_MPI_one_line_says_so(string path)
    {
        var (code, output, errors) = Child.Run(start => start.Environment["PATH"] = path, "run", "2", "phold", "1", "1");
        Assert.Equal((2, "", "Open MPI is not installed here: there is no mpirun on PATH (Debian: apt-get install openmpi-bin)"), (code, output, errors));
    }
}
