using XenActors.Experiments.Profiles;
using XenActors.Guest;
using XenActors.Hocon;
using XenActors.Machine;

namespace XenActors.Experiments.Boot;

/// <summary>Finds profiles by name, or takes a path.</summary>
internal static class ProfileFiles
{
    // Kernels of 2012 and before go with the host of the reference page.
    private const string OldHost = "fedora16-xen-4.1.2";
    private const string NewHost = "debian12-xen-4.17";

    /// <exception cref="UserErrorException">No such profile, or a mistake in it.</exception>
    public static KernelProfile Kernel(BootOptions options) => Load(options.Kernel, options, "kernels", "kernel", KernelProfiles.Load, KernelProfiles.Names);

    /// <exception cref="UserErrorException">No such profile, or a mistake in it.</exception>
    public static HostProfile Host(BootOptions options) =>
        Load(options.Host ?? UsualHost(options.Kernel), options, "hosts", "host", HostProfiles.Load, HostProfiles.Names);

    private static string UsualHost(string kernel) => Path.GetFileName(kernel).StartsWith("debian12", StringComparison.Ordinal) ? NewHost : OldHost;

    private static T Load<T>(string name, BootOptions options, string folder, string kind, Func<string, string, T> load, Func<string, List<string>> names)
    {
        if (name.Length == 0)
        {
            throw new UserErrorException($"--{kind}: expected a profile's name or a file but found an empty name");
        }

        var directory = Path.Combine(options.ProfileDirectory, folder);
        var file = name;
        if (name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".conf", StringComparison.Ordinal))
        {
            if (!File.Exists(name))
            {
                throw new UserErrorException($"{name}: no such {kind} profile");
            }

            // Nothing beside another file is looked at.
            if (!name.EndsWith(".conf", StringComparison.Ordinal))
            {
                throw new UserErrorException($"--{kind} {name}: expected a profile's name, without a slash, or a file that ends in .conf");
            }
            directory = Path.GetDirectoryName(Path.GetFullPath(name))!;
            file = Path.GetFileNameWithoutExtension(name);
        }
        else if (!File.Exists(Path.Combine(directory, name + ".conf")))
        {
            throw new UserErrorException($"--{kind} {name}: no such profile; there are {string.Join(", ", names(directory))}");
        }

        try
        {
            return load(directory, file);
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--{kind} {name}: cannot be read: {cause.Message}", cause);
        }
    }
}
