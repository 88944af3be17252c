using XenActors.Guest;
using XenActors.Hocon;

namespace XenActors.Experiments.Profiles;

/// <summary>Guest kernels from HOCON: <c>hocon/kernels/NAME.conf</c>.</summary>
public static class KernelProfiles
{
    private const string Extension = ".conf";
    private const long NumberMax = 1_000_000_000_000;

    // Parts that profiles include.
    private static readonly string[] Parts = ["common", "upstream-pvhvm"];

    /// <summary>Names of the profiles in a directory, in order.</summary>
    public static List<string> Names(string directory)
    {
        var names = new List<string>();
        foreach (var file in Directory.GetFiles(directory, "*" + Extension))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (Array.IndexOf(Parts, name) < 0)
            {
                names.Add(name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <exception cref="HoconException">
    /// The profile is not there, or it has a setting that no kernel has or a value of the wrong type: file:line:column and the nearest name.
    /// </exception>
    public static KernelProfile Load(string directory, string name)
    {
        var file = Path.Combine(directory, name + Extension);
        if (!File.Exists(file))
        {
            var known = Names(directory);
            throw new HoconException(
                HoconOrigin.OfFile(file), $"expected a kernel profile but found no file{KernelNames.Nearest(name, known)}; known: {string.Join(", ", known)}");
        }

        return Bind(HoconConfig.Load(file), name);
    }

    public static KernelProfile Bind(HoconObject config, string name)
    {
        KernelNames.Check(config, KernelNames.Settings, "setting");
        var profile = new KernelProfile
        {
            Name = name,
            Release = config.GetString("release"),
            Features = new(StringComparer.Ordinal),
            Numbers = new(StringComparer.Ordinal),
            Messages = new(StringComparer.Ordinal),
            Modules = [.. config.GetStringList("modules")],
            RootModules = config.Has("root-modules") ? [.. config.GetStringList("root-modules")] : [],
        };
        Fill(config, "features", KernelNames.Features, profile, static (p, key, section) =>
        {
            if (section.GetBool(key))
            {
                p.Features.Add(key);
            }
        });
        Fill(config, "numbers", KernelNames.Numbers, profile, static (p, key, section) => p.Numbers[key] = Number(section, key));
        Fill(config, "messages", KernelNames.Messages, profile, static (p, key, section) => p.Messages[key] = section.GetString(key));
        return profile;
    }

    // Times, counts and sizes: none is below zero, and none is so great that sums of them overflow.
    private static long Number(HoconObject section, string key)
    {
        var number = section.GetLong(key);
        if (number is >= 0 and <= NumberMax)
        {
            return number;
        }

        section.TryGetField(key, out var value);
        throw new HoconException(value!.Origin, $"expected 0 to {NumberMax} for '{key}' but found {number}");
    }

    private static void Fill(
        HoconObject config, string section, IReadOnlyList<string> known, KernelProfile profile, Action<KernelProfile, string, HoconObject> add)
    {
        if (!config.Has(section))
        {
            return;
        }

        var values = config.GetObject(section);
        KernelNames.Check(values, known, section.TrimEnd('s'));
        foreach (var key in values.Keys)
        {
            if (values.TryGetField(key, out var value) && !value.IsNull)
            {
                add(profile, key, values);
            }
        }
    }
}
