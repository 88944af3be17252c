using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Live.Hosts;
using XenActors.Live.Xenstore;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors serve</c>: a simulated host at the pace of the wall clock, its xenstore on a Unix socket, all that enters recorded.</summary>
internal static class ServeCommand
{
    private const string Unix = "unix:";

    public static Command Create()
    {
        var machine = new MachineOptions(ArgumentArity.ZeroOrMore);
        var xenstore = new Option<string>("--xenstore")
        {
            Description = "unix:PATH: where its xenstore listens; XENSTORED_PATH of the clients.",
            DefaultValueFactory = _ => "unix:xenstore.sock",
        };
        var record = new Option<string?>("--record") { Description = "The recording's file, or none; by default serve-DATE-TIME.recording beside the socket." };
        var speed = Speed();
        var wait = new Option<bool>("--wait-client") { Description = "Virtual time stands still until the first client asks for something." };
        var trace = Options.File("--trace", "Add all that clients of the socket say and are told to this file, as xenstored -T does.");
        var nbd = new Option<string[]>("--nbd")
        {
            Description = "DOMAIN/DEVICE=unix:PATH or =127.0.0.1:PORT: serve a guest's disk over NBD once the guest has booted, DOMAIN by name or number. May repeat.",
        };
        var command = new Command("serve", "Run a host at the pace of the wall clock and serve its xenstore, and guests' disks, until SIGINT or SIGTERM.")
        {
            xenstore, record, speed, wait, trace, nbd,
        };
        machine.AddTo(command);
        command.SetAction(result =>
        {
            var options = new HostServerOptions
            {
                Socket = SocketOf(result.GetValue(xenstore)!),
                Speed = result.GetValue(speed),
                WaitForClient = result.GetValue(wait),
                Exports = [.. (result.GetValue(nbd) ?? []).Select(ExportOf)],
                Arguments = string.Join(' ', result.Tokens.Select(t => t.Value)),
            };
            return Run(machine.Read(result), result.GetValue(trace)?.ToString(), options with { Recording = RecordingOf(result.GetValue(record), options.Socket) });
        });
        return command;
    }

    private static int Run(BootOptions boot, string? trace, HostServerOptions options)
    {
        if (!OperatingSystem.IsLinux()) throw new UserErrorException("serve: needs Linux");
        using var session = BootSession.Prepare(boot);
        Preparations.Tell(session);
        if (trace is not null) options = options with { Server = options.Server with { Log = new AccessLog(trace, Errors.Tell) } };
        using var server = new HostServer(session, options, Errors.Tell);
        using var signals = new StopSignals(server.Stop); // the recording is ended and the socket removed first
        Errors.Tell(options.Recording is null ? "not recorded" : $"recorded in {options.Recording}");
        Errors.Tell($"serving xenstore: XENSTORED_PATH={Path.GetFullPath(options.Socket)} xenstore-ls -fp");
        try
        {
            server.Run();
        }
        catch (SimulationException defect)
        {
            return Errors.End(1, $"xenactors: {defect.Message}", options.Recording is null ? "not recorded" : $"repeat with: xenactors replay {options.Recording}");
        }

        var summary = server.Summary;
        Errors.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"served {summary.Time} s of virtual time: {summary.Requests} requests of {summary.Clients} clients{(summary.DiskRequests > 0 ? $", {summary.DiskRequests} requests to disks" : "")}, fingerprint {summary.Fingerprint}"));
        return server.RecordingFailure is null ? 0 : 1;
    }

    private static NbdExportOption ExportOf(string text) =>
        NbdExportOption.Parse(text) ?? throw new UserErrorException($"--nbd: expected DOMAIN/DEVICE=unix:PATH or DOMAIN/DEVICE=127.0.0.1:PORT but found {text}");

    private static string SocketOf(string text) => text.StartsWith(Unix, StringComparison.Ordinal) && text.Length > Unix.Length
        ? text[Unix.Length..]
        : throw new UserErrorException($"--xenstore: expected unix:PATH but found {text}");

    private static string? RecordingOf(string? asked, string socket)
    {
        if (asked is not null)
        {
            return asked switch
            {
                "none" => null,
                "" => throw new UserErrorException("--record: expected a file or none but found an empty name"),
                _ => asked,
            };
        }

        // No recording is ever overwritten by another one's default.
        var stem = Path.Combine(
            Path.GetDirectoryName(socket) ?? "", $"serve-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}");
        var name = $"{stem}.recording";
        for (var i = 2; File.Exists(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}.recording");
        }

        return name;
    }

    private static Option<double> Speed() => new("--speed")
    {
        Description = "Virtual seconds a second, or max.",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text == "max")
            {
                return double.PositiveInfinity;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0.001 and <= 1_000_000)
            {
                return value;
            }

            result.AddError($"--speed: '{text}' is not a number from 0.001 to 1000000, or max");
            return 1;
        },
    };
}
