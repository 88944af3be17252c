using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>One object of a scenario file above the defaults of <c>reference.conf</c>; a key that neither has is an error with a suggestion.</summary>
internal sealed class ScenarioSettings
{
    private readonly HostSettings _settings;

    public ScenarioSettings(HoconObject section, HoconObject? defaults, string what, params ReadOnlySpan<string> known)
    {
        foreach (var key in section.Keys)
        {
            if (known.IndexOf(key) < 0)
            {
                section.TryGetField(key, out var value);
                throw new HoconException(
                    value.Origin, $"expected a setting of {what} but found '{key}'{HostSettings.Nearest(key, [.. known])}; known here: {string.Join(", ", known!)}");
            }
        }

        Written = section;
        Section = defaults is null ? section : section.WithFallback(defaults);
        _settings = new(Section, Section.Keys.ToArray());
    }

    /// <summary>Without the defaults.</summary>
    public HoconObject Written { get; }

    public HoconObject Section { get; }

    public string Where => Written.Origin.ToString();

    public string Text(string key) => Section.GetString(key);

    /// <summary>Null when there is none, or it is null.</summary>
    public string? TextOrNone(string key) => Section.TryGetString(key, out var value) ? value : null;

    public int Int(string key, int least, int most) => _settings.Int(key, least, most);

    public long Size(string key, long unit) => _settings.Size(key, unit);

    public List<long> Sizes(string key, long unit) => _settings.Sizes(key, unit);

    public List<string> Texts(string key) => _settings.Texts(key);

    public VirtualDuration Duration(string key, long least = 0) => new(_settings.DurationNs(key, least));

    public HoconException Wrong(string key, string expected) => _settings.Wrong(key, expected);
}
