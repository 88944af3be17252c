using System.Diagnostics;

namespace XenActors.Tests.Cluster;

/// <summary>The program beside the tests, on several processes.</summary>
internal static class Child
{
    /// <summary>No run here takes more than a second or two; a lost one must not hang the tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static bool HasMpi { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "mpirun")));

    public static (int Code, string Output, string Errors) Run(params string[] arguments) => Run(static _ => { }, arguments);

    public static (int Code, string Output, string Errors) Run(Action<ProcessStartInfo> setting, params string[] arguments)
    {
        // The host that runs these tests, by its full path: a test may change PATH.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Workloads).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        setting(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', arguments)} did not end");
        }

        return (process.ExitCode, output.Result.Trim(), errors.Result.Trim());
    }
}
