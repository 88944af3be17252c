using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>What is typed, and what comes back.</summary>
public sealed partial class ScenarioRun
{
    private readonly List<TypedCommand> _commands = [];

    // In the order in which they were typed: of two that are alike the first is answered first.
    private readonly List<TypedCommand> _typed = [];

    private void Type(TypedCommand command)
    {
        var site = SiteOf(command.Command.Domain, command.Command.Host);
        command.Type(site, _machine);
        _typed.Add(command);
        Mark?.Invoke(_simulator.Now, "commands", command.Plan.Line);
        switch (command.Command.Verb)
        {
            // Whatever the disks have answered before, nobody is served any more.
            case ShellVerb.PowerLoss:
            case ShellVerb.RestartXenstored when !command.Command.Flag:
                Disturb();
                site.Degrade("host");
                break;

            // A whole module comes again: every device of it on this host.
            case ShellVerb.ReloadBackend:
                Disturb();
                foreach (var guest in _machine.Guests.Where(g => g.Site == site.Site))
                {
                    site.Run.Forced.Add(guest.Domain);
                }

                break;
            case ShellVerb.BlockDetach when command.Command.Flag:
                site.Run.Forced.Add(command.Domain);
                site.Degrade($"dom{command.Domain}");
                break;
            case ShellVerb.Resize:
                site.Run.AnyResize = true;
                break;
            case ShellVerb.Destroy or ShellVerb.Suspend:
                site.Run.TakenApart.Add(command.Domain);
                site.Run.Forced.Add(command.Domain);
                break;
        }
    }

    private void Disturb()
    {
        foreach (var site in _sites)
        {
            site.Run.AnyFault = true;
        }

        Weigh();
    }

    private void ReadAnswers()
    {
        if (!_commands.Exists(c => c.IsOpen))
        {
            return;
        }

        foreach (var site in _sites)
        {
            var shell = site.Site.Machine.OperatorState;
            for (; site.CommandsRead < shell.Commands.Count; site.CommandsRead++)
            {
                var answer = shell.Commands[site.CommandsRead];
                _typed.Find(c => c.Site == site && c.Take(in answer));
            }

            for (; site.CdsRead < shell.CdAnswers.Count; site.CdsRead++)
            {
                var answer = shell.CdAnswers[site.CdsRead];
                _typed.Find(c => c.Site == site && c.Take(in answer));
            }

            for (; site.RestartsRead < shell.StoreRestarts.Count; site.RestartsRead++)
            {
                var answer = shell.StoreRestarts[site.RestartsRead];
                _typed.Find(c => c.Site == site && c.Take(in answer));
            }
        }
    }

    // An answer that a fault may rightly have kept from coming is not waited for.
    private bool IsAwaited(TypedCommand command) => command.IsOpen && !(command.Scope is { } scope ? command.Site!.IsDegraded(scope) : command.Site!.IsDegraded(command.Domain));
}
