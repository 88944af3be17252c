using System.CommandLine;
using System.Text;
using Microsoft.Win32.SafeHandles;
using XenActors.Experiments;
using XenActors.Live.Native;
using XenActors.Live.Xenstore.Client;
using XenActors.Xenstore.Tools;

namespace XenActors.Cli;

/// <summary><c>xenactors xenstore</c>: Xen's <c>xenstore-*</c> programs, on a daemon or on a simulated host.</summary>
internal static class XenstoreCommand
{
    private const string Where =
        "The store: --socket PATH, else XENSTORED_PATH, else XENSTORED_RUNDIR/socket, else /var/run/xenstored/socket; or "
        + "--scenario CFG (may repeat; with --kernel, --host, --seed as boot has them): the store of a simulated host when its guests "
        + "have booted; or --recording FILE: the store of a host that was served, as the session left it. Those two can be seen --at a virtual time such as "
        + "1.5s, and be read and watched, not written.";

    private static readonly (string Name, string Description)[] Tools =
    [
        ("ls", "[-f] [-p] [path]: the tree below a path, with values (-p: permissions, -f: full paths)."),
        ("read", "[-p] [-R] key [...]: values (-R: raw bytes)."),
        ("write", "[-R] key value [...]: sets values, all or none."),
        ("rm", "[-t] key [...]: removes nodes (-t: and parents that become empty)."),
        ("list", "[-p] key [...]: children."),
        ("exists", "key [...]: exit code 0 if all are there."),
        ("chmod", "[-u] [-r] key mode [...]: permissions such as n0 r5 (-u: parents, -r: children)."),
        ("watch", "[-n NR] key [...]: a line for every change; in a scenario or recording every one of the whole run."),
    ];

    public static Command Create()
    {
        var command = new Command("xenstore", "Xen's xenstore-* programs, with their options and output, on any store. " + Where);
        command.Add(XenstoreReplayCommand.Create());
        foreach (var (name, description) in Tools) command.Add(new Command(name, description));
        return command;
    }

    /// <summary>Runs a tool with the options and the output of the real one; null when the command line names none.</summary>
    public static int? TryRun(string[] arguments)
    {
        if (arguments.Length < 2 || arguments[0] != "xenstore" || XenstoreTool.Find(arguments[1]) is not { } tool) return null;
        var options = StoreOptions.Parse(CommandLineBytes.Of(arguments[2..]));
        using var output = Stream(1);
        using var errors = Stream(2);
        errors.AutoFlush = true;
        var console = new ToolConsole(output, errors, OperatingSystem.IsLinux() ? Terminal.Columns : null);
        if (!options.Simulated) return OnSocket(tool, options, console);
        if (tool.Writes) throw new UserErrorException($"xenstore {tool.Name}: the store of a {(options.Recording is null ? "scenario" : "recording")} can only be read; expected ls, read, list, exists or watch");
        SimulatedRun? simulated = null;
        try
        {
            return tool.Run(
                options.Rest,
                () =>
                {
                    simulated = new SimulatedRun(options);
                    return tool.Name == "watch" ? simulated.Watched() : simulated.AtTheEnd();
                },
                console);
        }
        finally
        {
            simulated?.Dispose();
        }
    }

    private static int OnSocket(XenstoreTool tool, StoreOptions options, ToolConsole console)
    {
        if (!OperatingSystem.IsLinux()) throw new UserErrorException("xenstore: needs Linux");
        SocketConnection? connection = null;
        try
        {
            return tool.Run(options.Rest, () => connection = Connect(options.Socket), console);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    // A path that the user gave is named; what libxenstore would find fails in the real tools' words.
    private static SocketConnection Connect(string? path)
    {
        try
        {
            return new SocketConnection(path ?? SocketConnection.UsualPath);
        }
        catch (XenstoreSocketException cause)
        {
            if (path is null) throw new ToolFailure($"xs_open: {cause.Message}");
            throw new UserErrorException($"{path}: {cause.Message}", cause);
        }
    }

    // Not Console's streams: on a terminal they write what the real tools do not.
    private static StreamWriter Stream(int descriptor) =>
        new(new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, 0), Encoding.Latin1, 1 << 16);
}
