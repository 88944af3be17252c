using System.Globalization;
using XenActors.Experiments.Faults;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Toolstack.Xl;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Experiments.Scenarios;

/// <summary>A line that is to be typed at a host's shell, and what the shell answers.</summary>
internal sealed class TypedCommand(ScenarioCommand plan)
{
    public ScenarioCommand Plan { get; } = plan;

    public ShellCommand Command => Plan.Command;

    /// <summary>When it was typed.</summary>
    public VirtualTime? At { get; private set; }

    /// <summary>The domain that it was for; 0 when it was for none.</summary>
    public ushort Domain { get; private set; }

    /// <summary>The host at whose shell it was typed.</summary>
    public CheckedSite? Site { get; private set; }

    public string? Answer { get; private set; }

    /// <summary>It was typed, and nothing has come back.</summary>
    public bool IsOpen => At is not null && Answer is null;

    /// <summary>What may end so that it is not answered: its device or its domain; null: anything of its domain, which a suspend waits for.</summary>
    public string? Scope => Command.Verb switch
    {
        _ when Domain == 0 => null,
        ShellVerb.Save or ShellVerb.Suspend => null,
        ShellVerb.BlockDetach => DevicePlace.Named(Domain, Command.Text)?.Scope,
        ShellVerb.NetworkDetach => $"dom{Domain}/vif/{Command.Text}",
        _ => $"dom{Domain}",
    };

    /// <summary>Nobody serves the disk of this job any more.</summary>
    public bool TakesDiskOf(ScenarioWorkload workload) =>
        At is not null && Command.Verb == ShellVerb.BlockDetach && Command.Domain == workload.Domain && workload.Fio is { } fio && IsDetached(fio.DiskName);

    // xl has one name for it, as hdb, and its guest another, as xvdb2.
    private bool IsDetached(string inGuest) =>
        VirtualDevice.TryParse(Command.Text, out var disk) && LinuxDisk.NameOf(disk.Number) is { } name
        && inGuest.StartsWith(name, StringComparison.Ordinal) && !inGuest.AsSpan(name.Length).ContainsAnyExceptInRange('0', '9');

    public CommandReport Report => new(Plan.Name, Plan.Line, At, Answer ?? "");

    public void Type(CheckedSite site, ScenarioMachine machine)
    {
        var simulator = machine.Simulator;
        Site = site;
        At = simulator.Now;
        Domain = Command.Domain.Length > 0 ? machine.Guest(Command.Domain)!.Domain : (ushort)0;
        var shell = site.Site.Machine.Operator;
        switch (Command.Verb)
        {
            case ShellVerb.Pause:
                simulator.Tell(shell, new PauseGuest(Domain));
                break;
            case ShellVerb.Unpause:
                simulator.Tell(shell, new UnpauseGuest(Domain));
                break;
            case ShellVerb.Destroy:
                simulator.Tell(shell, new DestroyGuest(Domain));
                break;
            case ShellVerb.Shutdown or ShellVerb.Reboot:
                simulator.Tell(shell, new ShutdownGuest(Domain, Command.Verb == ShellVerb.Reboot));
                break;
            case ShellVerb.BlockAttach:
                simulator.Tell(shell, new AttachDisk(Domain, Command.Text));
                break;
            case ShellVerb.BlockDetach:
                simulator.Tell(shell, new DetachDisk(Domain, Command.Text, Command.Flag));
                break;
            case ShellVerb.NetworkAttach:
                simulator.Tell(shell, new AttachNic(Domain, Command.Text));
                break;
            case ShellVerb.NetworkDetach:
                simulator.Tell(shell, new DetachNic(Domain, int.Parse(Command.Text, CultureInfo.InvariantCulture)));
                break;
            case ShellVerb.CdInsert or ShellVerb.CdEject:
                simulator.Tell(shell, new ChangeCd(Domain, Command.Text, Command.Medium));
                break;
            case ShellVerb.Save or ShellVerb.Suspend:
                simulator.Tell(shell, new SuspendGuest(Domain, Command.Verb == ShellVerb.Save ? ResumeMode.Cancelled : ResumeMode.Reconnect));
                break;
            case ShellVerb.RestartXenstored:
                simulator.Tell(shell, new RestartXenstored(Command.Flag));
                break;
            default:
                Silent(simulator, shell, machine);
                break;
        }
    }

    /// <summary>True when this was its answer.</summary>
    public bool Take(in CommandEnded answer) => IsOpen && Kind == answer.Kind && Domain == answer.Domain && (Text == answer.Text || answer.Text.Length == 0) && End(answer.Ok, answer.Message);

    public bool Take(in CdChanged answer) =>
        IsOpen && Command.Verb is ShellVerb.CdInsert or ShellVerb.CdEject && Domain == answer.Domain && Command.Text == answer.Vdev && End(answer.Ok, answer.Message);

    public bool Take(in XenstoredRestarted answer) => IsOpen && Command.Verb == ShellVerb.RestartXenstored && End(answer.Ok, "");

    // These say nothing when they have worked.
    private void Silent(Simulator simulator, ActorRef shell, ScenarioMachine machine)
    {
        switch (Command.Verb)
        {
            case ShellVerb.ReloadBackend:
                simulator.Tell(shell, new ReloadBackend(Command.Text));
                break;
            case ShellVerb.Resize:
                foreach (var site in machine.Sites)
                {
                    simulator.Tell(site.Machine.Operator, new DiskResized(machine.Volumes.Find(Command.Text)!.Id, (ulong)Command.Size / 512));
                }

                break;
            case ShellVerb.PowerLoss:
                simulator.Tell(shell, new PowerLost());
                break;
        }

        Answer = "done";
    }

    private bool End(bool ok, string message)
    {
        Answer = message.Length > 0 ? message.ReplaceLineEndings(" ") : ok ? "done" : "failed";
        return true;
    }

    // As the toolstack names it in its answers.
    private XlCommandKind? Kind => Command.Verb switch
    {
        ShellVerb.Pause => XlCommandKind.Pause,
        ShellVerb.Unpause => XlCommandKind.Unpause,
        ShellVerb.Destroy => XlCommandKind.Destroy,
        ShellVerb.Shutdown => XlCommandKind.Shutdown,
        ShellVerb.Reboot => XlCommandKind.Reboot,
        ShellVerb.BlockAttach => XlCommandKind.BlockAttach,
        ShellVerb.BlockDetach => XlCommandKind.BlockDetach,
        ShellVerb.NetworkAttach => XlCommandKind.NetworkAttach,
        ShellVerb.NetworkDetach => XlCommandKind.NetworkDetach,
        ShellVerb.Save or ShellVerb.Suspend => XlCommandKind.Suspend,
        _ => null,
    };

    // What the answer repeats; of a guest's own doing, what the toolstack has written to control/shutdown.
    private string Text => Kind switch
    {
        XlCommandKind.Shutdown => "poweroff",
        XlCommandKind.Reboot => "reboot",
        XlCommandKind.Suspend => "suspend",
        XlCommandKind.BlockAttach or XlCommandKind.BlockDetach or XlCommandKind.NetworkAttach or XlCommandKind.NetworkDetach => Command.Text,
        _ => "",
    };
}
