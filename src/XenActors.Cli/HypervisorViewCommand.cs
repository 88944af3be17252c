using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;

namespace XenActors.Cli;

/// <summary><c>xenactors lsevtchn</c> and <c>xenactors gnttab</c>: what the hypervisor knows of a domain's event channels and grants.</summary>
internal static class HypervisorViewCommand
{
    private const string Where =
        " DOMAIN is a number or a guest's name; without it domain 0. The host: --scenario CFG (may repeat; with --kernel, --host, --seed as boot has them), when "
        + "its guests have booted; or --recording FILE, as the session left it. Both can be seen --at a virtual time such as 1.5s.";

    public static Command Lsevtchn() => new("lsevtchn", "[DOMAIN]: a domain's event channels, as Xen's lsevtchn lists them." + Where);

    public static Command Gnttab() => new("gnttab", "[DOMAIN]: a domain's grant entries in use, as xl debug-keys g prints them." + Where);

    /// <summary>Null when the command line is for another command, or asks for help.</summary>
    public static int? TryRun(string[] arguments)
    {
        if (arguments is not [("lsevtchn" or "gnttab") and var name, ..] || Array.Exists(arguments, a => a is "--help" or "-h" or "-?")) return null;
        var options = StoreOptions.Parse(CommandLineBytes.Of(arguments[1..]));
        if (options.Rest.Find(a => a.StartsWith('-')) is { } unknown) throw new UserErrorException($"{name}: {unknown}: unknown option");
        if (options.Rest.Count > 1) throw new UserErrorException($"{name}: expected one domain but found {string.Join(' ', options.Rest)}");
        if (!options.Simulated) throw new UserErrorException($"{name}: expected --scenario CFG or --recording FILE: there is no other hypervisor here");
        using var run = new SimulatedRun(options);
        var machine = run.MachineAtTheEnd();
        var domain = Find(name, machine, options.Rest is [var text] ? text : "0");
        var lines = name == "gnttab"
            ? GnttabDump.Lines(machine.Grants(domain))
            : Hypervisor.EventChannels.Lsevtchn.Lines(machine.EventChannels(domain).Channels);
        foreach (var line in lines) Console.Out.WriteLine(line);
        return 0;
    }

    private static ushort Find(string command, XenMachine machine, string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && machine.Places.Has(number)) return number;
        foreach (var guest in machine.Guests)
        {
            if (machine.Domain(guest).Spec?.Name == text) return guest;
        }

        throw new UserErrorException($"{command}: there is no domain {text}; expected one of 0{string.Concat(machine.Guests.Select(g => $", {g}"))}");
    }
}
