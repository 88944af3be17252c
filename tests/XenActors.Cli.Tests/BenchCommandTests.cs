namespace XenActors.Tests.Cli;

public sealed class BenchCommandTests
{
    [Fact]
    public void Phold_gives_one_fingerprint_on_every_engine()
    {
        string[] phold = ["bench", "phold", "--lps", "64", "--population", "4", "--events", "20000", "--repetitions", "1"];
        var one = Last(Command.Run(phold).Output);
        Assert.StartsWith("fingerprint ", one, StringComparison.Ordinal);
        Assert.Equal(one, Last(Command.Run([.. phold, "--engine", "threads", "--partitions", "3"]).Output));
    }

    [Fact]
    public void A_snapshot_goes_on_in_another_process_and_on_another_engine()
    {
        var file = Path.GetTempFileName();
        try
        {
            string[] phold = ["bench", "phold", "--lps", "64", "--population", "4", "--events", "20000", "--repetitions"];
            var unbroken = Last(Command.Run([.. phold, "3"]).Output);
            Assert.Equal(0, Command.Run([.. phold, "1", "--save", file]).ExitCode);
            var resumed = Last(Command.Run([.. phold, "1", "--resume", file, "--engine", "threads", "--partitions", "2"]).Output);

            // The number of events is counted per process; the history is not.
            Assert.Equal(unbroken.Split(" after ")[0], resumed.Split(" after ")[0]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_that_is_no_snapshot_is_a_mistake()
    {
        var file = Path.GetTempFileName();
        try
        {
            var (code, _, errors) = Command.Run("bench", "phold", "--resume", file);
            Assert.Equal(2, code);
            Assert.StartsWith(file, errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Boots_compares_engines_seed_by_seed()
    {
        var (code, output, _) = Command.Run("bench", "boots", Command.Example("f16pvhvm.cfg"), "--kernel", "fedora16-3.1", "--seeds", "4", "--engines");
        Assert.Equal(0, code);
        Assert.StartsWith("4 seeds, 4 booted, 4 different histories", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_runs_every_load_through_the_simulated_daemon_and_repeats_itself()
    {
        string[] store = ["bench", "store", "--operations", "2000", "--repetitions", "1", "--clients", "4"];
        var (code, output, errors) = Command.Run(store);
        Assert.Equal((0, ""), (code, errors));
        var rows = output.TrimEnd('\n').Split('\n')[4..];
        Assert.Equal(["reads", "writes", "mix", "transactions", "watches"], rows.Select(r => r.Split(" | ")[0][2..]));
        Assert.All(rows, r => Assert.Matches(@"^\| [a-z]+ \| [1-9][0-9]* \| .* \| [0-9a-f]{16} \|$", r));
        Assert.Equal(rows.Select(Fingerprint), Command.Run(store).Output.TrimEnd('\n').Split('\n')[4..].Select(Fingerprint));
        Assert.NotEqual(rows.Select(Fingerprint), Command.Run([.. store, "--seed", "2"]).Output.TrimEnd('\n').Split('\n')[4..].Select(Fingerprint));

        static string Fingerprint(string row) => row.Split(" | ")[^1];
    }

    private static string Last(string output) => output.TrimEnd('\n').Split('\n')[^1];
}
