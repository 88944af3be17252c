using System.CommandLine;
using XenActors.Experiments;
using XenActors.Live.Xenstore;

namespace XenActors.Cli;

/// <summary><c>xenactors xenstored</c>: a bare store on a Unix socket, for real clients.</summary>
internal static class XenstoredCommand
{
    public static Command Create()
    {
        var socket = new Option<string>("--socket") { Description = "Where to listen; XENSTORED_PATH of the clients.", Required = true };
        var guests = new Option<string>("--guest-rings") { Description = "A directory whose files stand for the hypervisor: guests' rings, event channels, states." };
        var trace = Options.File("--trace", "Add all that clients say and are told to this file, as xenstored -T does.");
        var command = new Command("xenstored", "Serve a bare xenstore on a Unix socket until SIGINT or SIGTERM.") { socket, guests, trace };
        command.SetAction(result => Run(result.GetValue(socket)!, result.GetValue(guests), result.GetValue(trace)?.ToString()));
        return command;
    }

    private static int Run(string path, string? guestRings, string? trace)
    {
        if (!OperatingSystem.IsLinux()) throw new UserErrorException("xenstored: needs Linux");
        using var server = new XenstoreServer(path, XenstoreServerOptions.Default with
        {
            GuestRings = guestRings,
            Log = trace is null ? null : new AccessLog(trace, Errors.Tell),
        });
        using var signals = new StopSignals(server.Stop); // the socket is removed first
        Console.Error.WriteLine($"xenstored: listening at {path}");
        server.Run();
        return 0;
    }
}
