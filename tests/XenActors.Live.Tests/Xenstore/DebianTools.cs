using System.Diagnostics;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>Debian's xenstore clients, where they are installed.</summary>
internal static class DebianTools
{
    /// <summary>The path of a program, or null; on CI what scripts/test.sh installs must be there.</summary>
    public static string? Find(string program)
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var path = Path.Combine(directory, program);
            if (directory.Length > 0 && File.Exists(path)) return path;
        }

        return null;
    }

    public static Process Start(string socket, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XENSTORED_PATH"] = socket;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>What a program printed on both streams, then its exit code.</summary>
    public static string Run(string socket, string program, params string[] arguments)
    {
        using var process = Start(socket, program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return $"{output}{errors.Result}{process.ExitCode}";
    }
}
