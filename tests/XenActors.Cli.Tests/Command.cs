using System.Diagnostics;

namespace XenActors.Tests.Cli;

/// <summary>Runs the <c>xenactors</c> command as a user's shell would.</summary>
internal static class Command
{
    public static string Example(string name) => Path.Combine(AppContext.BaseDirectory, "hocon", "xl", name);

    public static string Program => Path.Combine(AppContext.BaseDirectory, "xenactors.dll");

    /// <summary>Arguments of <c>env</c> before a program that will get signals: whoever runs the tests in the background may have them ignored.</summary>
    public static string[] Signalled => ["--default-signal", "dotnet"];

    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments) => Start("dotnet", [Program, .. arguments]);

    public static (int ExitCode, string Output, string Errors) Shell(string line) => Start("sh", ["-c", line]);

    private static (int ExitCode, string Output, string Errors) Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
