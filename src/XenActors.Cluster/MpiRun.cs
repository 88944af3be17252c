using System.Diagnostics;
using System.Globalization;

namespace XenActors.Cluster;

/// <summary>Starts this same command on several nodes through <c>mpirun</c>.</summary>
public static class MpiRun
{
    /// <summary>Returns when all have ended. Their stdout is this process's; their stderr is handed on line by line.</summary>
    /// <param name="nodes">How many processes.</param>
    /// <param name="hosts">A hostfile; null for this machine.</param>
    /// <param name="arguments">The command's own arguments.</param>
    /// <exception cref="ClusterException">There is no <c>mpirun</c>.</exception>
    public static MpiOutcome Start(int nodes, string? hosts, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find()) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in Arguments(nodes, hosts))
        {
            start.ArgumentList.Add(argument);
        }

        // mpirun gives its processes a terminal of its own making: nothing shall be set up there.
        start.Environment["TERM"] = "dumb";

        // The same host and assembly: dotnet xenactors.dll, or an executable of its own.
        var self = Environment.ProcessPath!;
        start.ArgumentList.Add(self);
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var notices = new MpiNotices(Console.Error.WriteLine);
        while (process.StandardError.ReadLine() is { } line)
        {
            notices.Line(line);
        }

        notices.End();
        process.WaitForExit();
        return new(process.ExitCode, notices.Lost);
    }

    private static IEnumerable<string> Arguments(int nodes, string? hosts)
    {
        yield return "-n";
        yield return nodes.ToString(CultureInfo.InvariantCulture);

        yield return "--oversubscribe";

        // The runtime's own threads need room beside the simulation's.
        yield return "--bind-to";
        yield return "none";
        if (Environment.UserName == "root")
        {
            yield return "--allow-run-as-root";
        }

        if (hosts is not null)
        {
            yield return "-x";
            yield return "TERM";
            yield return "--hostfile";
            yield return hosts;
        }
    }

    private static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, "mpirun")).FirstOrDefault(File.Exists)
        ?? throw new ClusterException("Open MPI is not installed here: there is no mpirun on PATH (Debian: apt-get install openmpi-bin)");
}
