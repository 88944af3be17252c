using System.Globalization;
using System.Text;
using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Scenarios;

/// <summary>A domain's xl configuration: a file, a text, or xl's keys written straight into the domain's section.</summary>
internal static class DomainText
{
    private static readonly string[] Ours = ["xl", "config", "kernel", "cmdline", "host", "restarts"];

    // xl has a key of this name, too; a scenario's kernel is a profile.
    private static readonly string[] NotXl = ["kernel", "name"];

    /// <param name="defaults">xl's keys of every domain that is written out in its section.</param>
    /// <param name="configName">What xl's messages name.</param>
    public static string Of(string name, HoconObject section, HoconObject defaults, string directory, out string configName)
    {
        var keys = section.Keys.Where(k => Array.IndexOf(Ours, k) < 0).ToList();
        foreach (var key in keys)
        {
            if (XlKeys.Find(key) is null || Array.IndexOf(NotXl, key) >= 0)
            {
                var known = Ours.Concat(XlKeys.All.Select(k => k.Name)).Where(k => k != "name").ToList();
                throw new HoconException(Place(section, key), $"expected a setting of a domain or a key of xl.cfg but found '{key}'{HostSettings.Nearest(key, known)}");
            }
        }

        if (section.Has("xl") || section.Has("config"))
        {
            if (keys.Count > 0)
            {
                throw new HoconException(Place(section, keys[0]), $"expected no key of xl.cfg beside '{(section.Has("xl") ? "xl" : "config")}' but found '{keys[0]}'");
            }

            return section.Has("xl") ? FromFile(name, section, directory, out configName) : FromText(name, section, out configName);
        }

        configName = section.Origin.ToString();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name = \"{name}\"\n");
        var all = section.WithFallback(defaults);
        foreach (var key in all.Keys)
        {
            if (Array.IndexOf(Ours, key) < 0 && all.TryGetField(key, out var value) && !value.IsNull)
            {
                text.Append(CultureInfo.InvariantCulture, $"{key} = {Value(value)}\n");
            }
        }

        return text.ToString();
    }

    private static string FromFile(string name, HoconObject section, string directory, out string configName)
    {
        var file = Path.Combine(directory, section.GetString("xl"));
        configName = file;
        if (!File.Exists(file))
        {
            throw new HoconException(section.Get("xl").Origin, $"expected an xl configuration file at 'xl' but found no file {file}");
        }

        return Named(File.ReadAllText(file), name);
    }

    private static string FromText(string name, HoconObject section, out string configName)
    {
        configName = section.Get("config").Origin.ToString();
        return Named(section.GetString("config"), name);
    }

    // The domain is called what the scenario calls it: xl takes a key's last value.
    private static string Named(string text, string name) => $"{text.TrimEnd('\n')}\nname = \"{name}\"\n";

    private static string Value(HoconValue value) => value.Kind switch
    {
        HoconKind.List => $"[{string.Join(", ", value.AsList().Select(Quoted))}]",
        HoconKind.Boolean => value.AsBool() ? "1" : "0",
        HoconKind.Number => value.AsString(),
        _ => Quoted(value),
    };

    private static string Quoted(HoconValue value)
    {
        var text = value.AsString();
        return text.Contains('\'', StringComparison.Ordinal) ? $"\"{text}\"" : $"'{text}'";
    }

    private static HoconOrigin Place(HoconObject section, string key) => section.TryGetField(key, out var value) ? value.Origin : section.Origin;
}
