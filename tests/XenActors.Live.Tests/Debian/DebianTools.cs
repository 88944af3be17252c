using System.Diagnostics;

namespace XenActors.Tests.Live.Debian;

/// <summary>Runs Debian's xenstore clients against a socket.</summary>
internal static class DebianTools
{
    public static Process Start(string socket, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(DebianPrograms.Get(program)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XENSTORED_PATH"] = socket;
        if (DebianPrograms.Libraries is { } libraries) start.Environment["LD_LIBRARY_PATH"] = libraries;
        start.Environment["PATH"] = DebianPrograms.SearchPath; // for those that a shell starts
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
