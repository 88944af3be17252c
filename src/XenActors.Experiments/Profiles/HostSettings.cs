using System.Globalization;
using XenActors.Hocon;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Profiles;

/// <summary>One object of a host profile: typed values, and an error for every key that was not among the known ones.</summary>
internal sealed class HostSettings
{
    private const int SuggestionDistanceMax = 4;

    private readonly HoconObject section;

    public HostSettings(HoconObject section, params ReadOnlySpan<string> known)
    {
        this.section = section;
        foreach (var key in section.Keys)
        {
            if (known.IndexOf(key) < 0)
            {
                section.TryGetField(key, out var value);
                var problem = $"expected a setting of a host but found '{key}'{Nearest(key, [.. known])}; known here: {string.Join(", ", known!)}";
                throw new HoconException(value.Origin, problem);
            }
        }
    }

    public HoconObject Object(string key) => section.GetObject(key);

    public IReadOnlyList<HoconObject> Objects(string key) => section.GetObjectList(key);

    public string Text(string key) => section.GetString(key);

    public string Text(string key, string otherwise) => section.TryGetString(key, out var value) ? value : otherwise;

    public bool Flag(string key) => section.GetBool(key);

    public List<string> Texts(string key) => [.. section.GetStringList(key)];

    public List<int> Ints(string key) => [.. section.GetIntList(key)];

    public int Int(string key, int least, int most) => (int)Within(key, section.GetInt(key), least, most);

    public long Long(string key, long least) => Within(key, section.GetLong(key), least, long.MaxValue);

    /// <summary>A size in whole units of this many bytes.</summary>
    public long Size(string key, long unit)
    {
        var bytes = section.GetBytes(key);
        return bytes % unit == 0 && bytes > 0 ? bytes / unit : throw Wrong(key, $"a size in whole units of {unit} bytes");
    }

    /// <summary>Bytes, none at all among them.</summary>
    public long Bytes(string key) => section.GetBytes(key);

    public List<long> Sizes(string key, long unit)
    {
        List<long> sizes = [];
        foreach (var bytes in section.GetBytesList(key))
        {
            sizes.Add(bytes % unit == 0 && bytes > 0 ? bytes / unit : throw Wrong(key, $"sizes in whole units of {unit} bytes"));
        }

        return sizes;
    }

    public long DurationNs(string key, long least = 1)
    {
        var value = section.GetDurationNs(key);
        return value >= least ? value : throw Wrong(key, least > 0 ? "a length of time above zero" : "a length of time");
    }

    /// <summary>A number as C writes it: decimal, or hexadecimal after 0x.</summary>
    public ulong Bits(string key, ulong most, ulong? otherwise = null)
    {
        if (otherwise is { } value && !section.Has(key))
        {
            return value;
        }

        var text = section.GetString(key);
        var hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
        var style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(hexadecimal ? text[2..] : text, style, CultureInfo.InvariantCulture, out var bits) && bits <= most
            ? bits
            : throw Wrong(key, $"a number up to 0x{most:x}, decimal or 0x hexadecimal,");
    }

    public T OneOf<T>(string key, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = section.GetString(key);
        List<string> names = [];
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw Wrong(key, $"one of {string.Join(", ", names)}{Nearest(text, names)}");
    }

    public HoconException Wrong(string key, string expected) =>
        new(section.Get(key).Origin, $"expected {expected} at '{key}' but found {section.Get(key).Describe()}");

    /// <summary>As <c>, did you mean 'vcpus'?</c>; empty when nothing is near.</summary>
    public static string Nearest(string name, IReadOnlyList<string> known)
    {
        var (best, distance) = ("", SuggestionDistanceMax);
        foreach (var candidate in known)
        {
            var between = EditDistance.Between(name, candidate, distance);
            if (between < distance)
            {
                (best, distance) = (candidate, between);
            }
        }

        return best.Length > 0 ? $", did you mean '{best}'?" : "";
    }

    private long Within(string key, long value, long least, long most) =>
        value >= least && value <= most ? value : throw Wrong(key, most == long.MaxValue ? $"at least {least}" : $"{least} to {most}");
}
