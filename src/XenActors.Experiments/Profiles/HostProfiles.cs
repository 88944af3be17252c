using XenActors.Hocon;
using XenActors.Machine;

namespace XenActors.Experiments.Profiles;

/// <summary>Hosts from HOCON: <c>hocon/hosts/NAME.conf</c>.</summary>
public static class HostProfiles
{
    /// <summary>The host of a configuration that names none.</summary>
    public const string Default = "generic-xen-4.17";

    private const string Extension = ".conf";

    /// <summary>Names of the profiles in a directory, in order.</summary>
    public static List<string> Names(string directory)
    {
        var names = new List<string>();
        foreach (var file in Directory.GetFiles(directory, "*" + Extension))
        {
            names.Add(Path.GetFileNameWithoutExtension(file));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <exception cref="HoconException">
    /// The profile is not there, or it has a setting that no host has or a value of the wrong type: file:line:column and the nearest name.
    /// </exception>
    public static HostProfile Load(string directory, string name)
    {
        var file = Path.Combine(directory, name + Extension);
        if (!File.Exists(file))
        {
            var known = Names(directory);
            var nearest = HostSettings.Nearest(name, known);
            throw new HoconException(
                HoconOrigin.OfFile(file), $"expected a host profile but found no file{nearest}; known: {string.Join(", ", known)}");
        }

        return HostBinder.Bind(HoconConfig.Load(file), name);
    }
}
