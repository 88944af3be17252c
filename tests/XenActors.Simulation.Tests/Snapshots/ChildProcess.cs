using System.Diagnostics;
using System.Globalization;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Snapshots;

/// <summary>Continues a snapshot in a process of its own.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static string Continue(byte[] snapshot, ulong seed, int partitions)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, snapshot);
            var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.ArgumentList.Add(typeof(RichRun).Assembly.Location);
            start.ArgumentList.Add(file);
            start.ArgumentList.Add(seed.ToString(CultureInfo.InvariantCulture));
            start.ArgumentList.Add(partitions.ToString(CultureInfo.InvariantCulture));
            using var child = Process.Start(start)!;
            var error = child.StandardError.ReadToEndAsync();
            var output = child.StandardOutput.ReadToEndAsync();
            if (!child.WaitForExit(Patience))
            {
                child.Kill();
                Assert.Fail("the child process did not come to an end");
            }

            Assert.True(child.ExitCode == 0, error.GetAwaiter().GetResult());
            return output.GetAwaiter().GetResult().Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
