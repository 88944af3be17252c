using System.CommandLine;
using System.Runtime.InteropServices;
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
        var command = new Command("xenstored", "Serve a bare xenstore on a Unix socket until SIGINT or SIGTERM.") { socket, guests };
        command.SetAction(result => Run(result.GetValue(socket)!, result.GetValue(guests)));
        return command;
    }

    private static int Run(string path, string? guestRings)
    {
        if (!OperatingSystem.IsLinux()) throw new UserErrorException("xenstored: needs Linux");
        using var server = new XenstoreServer(path, XenstoreServerOptions.Default with { GuestRings = guestRings });
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // the socket is removed first
            server.Stop();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Console.Error.WriteLine($"xenstored: listening at {path}");
        server.Run();
        return 0;
    }
}
