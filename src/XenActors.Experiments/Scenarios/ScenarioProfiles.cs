using System.Collections.Concurrent;
using XenActors.Experiments.Boot;
using XenActors.Guest;
using XenActors.Machine;

namespace XenActors.Experiments.Scenarios;

/// <summary>Profiles that scenarios name, each read once: a swarm asks for the same few over and over.</summary>
internal static class ScenarioProfiles
{
    private static readonly ConcurrentDictionary<(string Directory, string Name), HostProfile> Hosts = new();
    private static readonly ConcurrentDictionary<(string Directory, string Name), KernelProfile> Kernels = new();

    /// <exception cref="UserErrorException">No such profile, or a mistake in it.</exception>
    public static HostProfile Host(string name, string profiles) =>
        Hosts.GetOrAdd((profiles, name), static key => ProfileFiles.Host(new() { Configs = [], Host = key.Name, ProfileDirectory = key.Directory }));

    /// <exception cref="UserErrorException">As above.</exception>
    public static KernelProfile Kernel(string name, string profiles) =>
        Kernels.GetOrAdd((profiles, name), static key => ProfileFiles.Kernel(new() { Configs = [], Kernel = key.Name, ProfileDirectory = key.Directory }));
}
