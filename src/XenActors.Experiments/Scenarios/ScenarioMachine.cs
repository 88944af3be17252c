using XenActors.Experiments.Boot;
using XenActors.Experiments.Volumes;
using XenActors.Guest;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A scenario's host with its guests and volumes, at virtual time zero.</summary>
public sealed class ScenarioMachine
{
    private ScenarioMachine(Scenario scenario, HostProfile host, XenMachine machine, MemoryVolumes volumes)
    {
        Scenario = scenario;
        Host = host;
        Machine = machine;
        Volumes = volumes;
    }

    public Scenario Scenario { get; }

    public HostProfile Host { get; }

    public XenMachine Machine { get; }

    public MemoryVolumes Volumes { get; }

    public Simulator Simulator => Machine.Simulator;

    /// <exception cref="UserErrorException">A profile, a configuration or an image is wrong: one line with its place.</exception>
    public static ScenarioMachine Build(Scenario scenario, ulong seed, EngineOptions engine, string profiles)
    {
        var host = At(scenario.Hosts[0].Where, () => ScenarioProfiles.Host(scenario.Hosts[0].Profile, profiles));
        var kernels = scenario.Domains.Select(d => At(d.Where, () => ScenarioProfiles.Kernel(d.Kernel, profiles))).ToList();
        var options = new BootOptions
        {
            Configs = [.. scenario.Domains.Select(d => d.ConfigName)],
            Texts = [.. scenario.Domains.Select(d => (d.ConfigName, d.Config))],
            Seed = seed,
            ProfileDirectory = profiles,
        };
        var session = BootSession.Recreate(options, host, kernels.Count > 0 ? kernels[0] : ScenarioProfiles.Kernel(options.Kernel, profiles));
        var orders = session.Orders.Select((order, i) => order with
        {
            // A history is the same wherever its scenario's file lies.
            FileName = $"{scenario.Domains[i].Name}.cfg",
            Kernel = kernels[i],
            CommandLine = scenario.Domains[i].CommandLine ?? "",
            Restarts = scenario.Domains[i].Restarts,
        }).ToList();
        var volumes = VolumesOf(scenario, session, host);
        return new(scenario, host, XenMachine.Build(host, orders, volumes, seed, engine), volumes);
    }

    /// <summary>The domain that a name stands for; the first guest for "".</summary>
    public ushort? Domain(string name)
    {
        for (var i = 0; i < Scenario.Domains.Count; i++)
        {
            if (name.Length == 0 || Scenario.Domains[i].Name == name)
            {
                return Machine.Guests[i];
            }
        }

        return null;
    }

    private static MemoryVolumes VolumesOf(Scenario scenario, BootSession session, HostProfile host)
    {
        var volumes = new MemoryVolumes();
        foreach (var (config, domain) in session.Configs.Zip(scenario.Domains))
        {
            foreach (var disk in config.Disks)
            {
                if (disk.PdevPath is not { Length: > 0 } path || volumes.Has(path))
                {
                    continue;
                }

                var volume = scenario.Volumes.FirstOrDefault(v => v.Path == path);
                if (disk.IsCdrom)
                {
                    volumes.AddCdrom(path, host.Volumes);
                }
                else if (volume?.Image is { } image)
                {
                    AddImage(volumes, volume, image);
                }
                else
                {
                    var layout = volume is null ? host.Volumes : new DefaultVolumes { DiskSize = volume.Size / 1024, Partitions = [.. volume.Partitions], CdromSectors = 0 };
                    volumes.AddDisk(path, layout);
                    if (VolumeCheck.Problem(volumes, path, path) is { } problem)
                    {
                        throw new UserErrorException($"{volume?.Where ?? domain.Where}: {problem}");
                    }
                }
            }
        }

        var unknown = scenario.Volumes.FirstOrDefault(v => !volumes.Has(v.Path));
        return unknown is null
            ? volumes
            : throw new UserErrorException($"{unknown.Where}: no disk of the scenario's domains has the path {unknown.Path}; they have {(volumes.Paths.Count == 0 ? "none" : string.Join(", ", volumes.Paths))}");
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
