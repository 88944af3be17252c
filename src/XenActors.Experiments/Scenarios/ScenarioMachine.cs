using XenActors.Experiments.Boot;
using XenActors.Experiments.Volumes;
using XenActors.Experiments.Workloads.Net;
using XenActors.Experiments.Zoo;
using XenActors.Guest;
using XenActors.Machine;
using XenActors.Machine.Network;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A scenario's hosts with their guests and volumes, at virtual time zero.</summary>
public sealed class ScenarioMachine
{
    private ScenarioMachine(Scenario scenario, Simulator simulator, List<ScenarioSite> sites, MemoryVolumes volumes)
    {
        Scenario = scenario;
        Simulator = simulator;
        Sites = sites;
        Volumes = volumes;
        Network = new([.. sites.Select(s => s.Machine)]);
        Guests = [.. scenario.Domains.Select(d => Guest(d.Name)!)];
    }

    public Scenario Scenario { get; }

    public Simulator Simulator { get; }

    /// <summary>The hosts, in the scenario's order.</summary>
    public IReadOnlyList<ScenarioSite> Sites { get; }

    /// <summary>The switch between the hosts, as it is now; null where there is one host only.</summary>
    internal SwitchState? Switch => Room?.Network;

    private MachineRoom? Room { get; init; }

    /// <summary>All domains, in the scenario's order.</summary>
    public IReadOnlyList<ScenarioGuest> Guests { get; }

    /// <summary>The streams of frames between domains.</summary>
    internal NetRun Network { get; }

    /// <summary>Of all hosts: a path that two of them name is one volume, which neither writes.</summary>
    public MemoryVolumes Volumes { get; }

    /// <exception cref="UserErrorException">A profile, a configuration or an image is wrong: one line with its place.</exception>
    public static ScenarioMachine Build(Scenario scenario, ulong seed, EngineOptions engine, string profiles)
    {
        var defects = DefectCatalog.Flags(scenario.Defects, scenario.DefectsAt);
        var hosts = scenario.Hosts.Select(h => At(h.Where, () => ScenarioProfiles.Host(h.Profile, profiles)) with { Defects = defects }).ToList();
        var kernels = scenario.Domains.Select(d => At(d.Where, () => ScenarioProfiles.Kernel(d.Kernel, profiles)) with { Defects = defects }).ToList();
        var options = new BootOptions
        {
            Configs = [.. scenario.Domains.Select(d => d.ConfigName)],
            Texts = [.. scenario.Domains.Select(d => (d.ConfigName, d.Config))],
            Seed = seed,
            ProfileDirectory = profiles,
        };
        var session = BootSession.Recreate(options, hosts[0], kernels.Count > 0 ? kernels[0] : ScenarioProfiles.Kernel(options.Kernel, profiles));
        var orders = session.Orders.Select((order, i) => order with
        {
            // A history is the same wherever its scenario's file lies.
            FileName = $"{scenario.Domains[i].Name}.cfg",
            Kernel = kernels[i],
            CommandLine = scenario.Domains[i].CommandLine ?? "",
            Restarts = scenario.Domains[i].Restarts,
        }).ToList();
        var volumes = VolumesOf(scenario, session, hosts);
        var plans = scenario.Hosts.Select((h, i) => new HostPlan(h.Name, hosts[i], [.. orders.Where((_, d) => scenario.Domains[d].Host == h.Name)])).ToList();
        var room = MachineRoom.Build(plans, scenario.Network, volumes, seed, engine);
        var sites = room.Machines.Select((machine, i) =>
            new ScenarioSite(
                room.Names[i],
                hosts[i],
                machine,
                [.. scenario.Domains.Where(d => d.Host == room.Names[i])],
                [.. session.Configs.Where((_, d) => scenario.Domains[d].Host == room.Names[i])])).ToList();
        return new(scenario, room.Simulator, sites, volumes) { Room = room };
    }

    /// <summary>The domain that a name stands for; the first one for "".</summary>
    public ScenarioGuest? Guest(string name)
    {
        if (name.Length == 0 && Scenario.Domains.Count > 0)
        {
            name = Scenario.Domains[0].Name;
        }

        foreach (var site in Sites)
        {
            for (var i = 0; i < site.Domains.Count; i++)
            {
                if (site.Domains[i].Name == name)
                {
                    return new(site, i);
                }
            }
        }

        return null;
    }

    /// <summary>The host of this name; the first one for "".</summary>
    public ScenarioSite Site(string name) => Sites.FirstOrDefault(s => s.Name == name) ?? Sites[0];

    private static MemoryVolumes VolumesOf(Scenario scenario, BootSession session, List<HostProfile> hosts)
    {
        var volumes = new MemoryVolumes();
        var users = new SortedDictionary<string, (string Host, bool Writes)>(StringComparer.Ordinal);
        foreach (var (config, domain) in session.Configs.Zip(scenario.Domains))
        {
            var layout = hosts[Array.FindIndex([.. scenario.Hosts], h => h.Name == domain.Host)].Volumes;
            foreach (var disk in config.Disks)
            {
                if (disk.PdevPath is { Length: > 0 } path)
                {
                    Share(users, path, domain.Host, disk.ReadWrite, domain.Where);
                    AddVolume(volumes, scenario, path, disk.IsCdrom, layout, domain.Where);
                }
            }
        }

        // What is attached later lies there from the beginning.
        foreach (var command in scenario.Commands)
        {
            if (command.Command is { Verb: not ShellVerb.Resize, Volume: { Length: > 0 } path })
            {
                var writes = command.Command.Verb == ShellVerb.BlockAttach && Toolstack.Xl.DiskSpecParser.Parse(command.Command.Text, "command line").Disk is { ReadWrite: true };
                var host = scenario.Domains.FirstOrDefault(d => d.Name == command.Command.Domain)?.Host ?? "";
                Share(users, path, host, writes, command.Where);
                AddVolume(volumes, scenario, path, command.Command.Verb == ShellVerb.CdInsert, hosts[0].Volumes, command.Where);
            }
        }

        var unknown = scenario.Volumes.FirstOrDefault(v => !volumes.Has(v.Path));
        var resized = scenario.Commands.FirstOrDefault(c => c.Command is { Verb: ShellVerb.Resize } && !volumes.Has(c.Command.Text));
        return unknown is null && resized is null
            ? volumes
            : throw new UserErrorException($"{unknown?.Where ?? resized!.Where}: no disk of the scenario's domains has the path {unknown?.Path ?? resized!.Command.Text}; they have {(volumes.Paths.Count == 0 ? "none" : string.Join(", ", volumes.Paths))}");
    }

    // A disk is one host's: two have no common cache, and in no order do their writes come to it.
    private static void Share(SortedDictionary<string, (string Host, bool Writes)> users, string path, string host, bool writes, string where)
    {
        if (users.TryGetValue(path, out var user) && user.Host != host && (user.Writes || writes))
        {
            throw new UserErrorException($"{where}: {path}: expected a volume that one host writes but found it on {user.Host} and {host}: give each its own, or mode r");
        }

        users[path] = (host, writes || user.Writes);
    }

    private static void AddVolume(MemoryVolumes volumes, Scenario scenario, string path, bool cdrom, DefaultVolumes usual, string where)
    {
        if (volumes.Has(path))
        {
            return;
        }

        var volume = scenario.Volumes.FirstOrDefault(v => v.Path == path);
        if (cdrom)
        {
            volumes.AddCdrom(path, usual);
        }
        else if (volume?.Image is { } image)
        {
            AddImage(volumes, volume, image);
        }
        else
        {
            var layout = volume is null ? usual : new DefaultVolumes { DiskSize = volume.Size / 1024, Partitions = [.. volume.Partitions], CdromSectors = 0 };
            volumes.AddDisk(path, layout);
            if (VolumeCheck.Problem(volumes, path, path) is { } problem)
            {
                throw new UserErrorException($"{volume?.Where ?? where}: {problem}");
            }
        }
    }

    private static void AddImage(MemoryVolumes volumes, ScenarioVolume volume, string image)
    {
        try
        {
            var bytes = File.ReadAllBytes(image);
            var sectors = Math.Max((ulong)volume.Size / 512, ((ulong)bytes.Length + 511) / 512);
            volumes.AddBytes(volume.Path, sectors, bytes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{volume.Where}: {image}: {cause.Message}", cause);
        }
    }

    private static T At<T>(string where, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (UserErrorException mistake) when (where.Length > 0)
        {
            throw new UserErrorException($"{where}: {mistake.Message}", mistake);
        }
    }
}
