using System.Diagnostics;
using System.Text;
using XenActors.Live.Xenstore.Client;
using XenActors.Tests.Live.Debian;
using XenActors.Xenstore.Tools;

namespace XenActors.Tests.Live.Xenstore.Tools;

/// <summary>What a tool printed and how it ended; bytes as Latin-1 characters.</summary>
internal sealed record ToolOutcome(string Output, string Errors, int ExitCode)
{
    /// <summary>Debian's program.</summary>
    public static ToolOutcome OfDebian(string socket, string tool, params string[] arguments) =>
        OfProcess(socket, DebianPrograms.Get("xenstore-" + tool), arguments);

    /// <summary>Debian's program on a terminal of a width; the terminal's carriage returns are taken out.</summary>
    public static ToolOutcome OfDebianOnTerminal(string socket, int columns, string tool, params string[] arguments)
    {
        var line = $"stty cols {columns}; exec {DebianPrograms.Get("xenstore-" + tool)} {string.Join(' ', arguments)}";
        var outcome = OfProcess(socket, "script", ["-qefc", line, "/dev/null"]);
        return outcome with { Output = outcome.Output.Replace("\r\n", "\n", StringComparison.Ordinal) };
    }

    /// <summary>Ours, on a terminal if it has a width.</summary>
    public static ToolOutcome OfOurs(string socket, int? columns, string tool, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        SocketConnection? connection = null;
        var code = XenstoreTool.Find(tool)!.Run(
            Array.ConvertAll(arguments, a => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(a))),
            () => connection = new SocketConnection(socket),
            new ToolConsole(output, errors, columns));
        connection?.Dispose();
        return new(output.ToString(), errors.ToString(), code);
    }

    private static ToolOutcome OfProcess(string socket, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.Latin1,
        };
        start.Environment["XENSTORED_PATH"] = socket;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // A usage line has the program as it was called, with its directory.
        return new(output, errors.Result.Replace($"Usage: {program} ", $"Usage: {Path.GetFileName(program)} ", StringComparison.Ordinal).Replace($"{program}: ", $"{Path.GetFileName(program)}: ", StringComparison.Ordinal), process.ExitCode);
    }
}
