using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>When something happens: <c>at</c>, <c>between</c>, <c>on</c>; when it is healed: <c>heal-after</c>, <c>heal-at</c>, <c>heal-between</c>, <c>heal-on</c>.</summary>
internal static class MomentBinder
{
    public static readonly string[] Begins = ["at", "between", "on"];

    public static readonly string[] Heals = ["heal-at", "heal-between", "heal-on", "heal-after"];

    /// <exception cref="HoconException">More than one, or a value of the wrong form.</exception>
    public static FaultMoment Begin(HoconObject section) => Read(section, "", Begins);

    public static FaultMoment Heal(HoconObject section) => Read(section, "heal-", Heals);

    private static FaultMoment Read(HoconObject section, string prefix, string[] keys)
    {
        var given = keys.Where(section.Has).ToList();
        if (given.Count > 1)
        {
            throw new HoconException(section.Get(given[1]).Origin, $"expected one of {string.Join(", ", keys)} but found '{given[1]}' beside '{given[0]}'");
        }

        if (given.Count == 0)
        {
            return new();
        }

        var key = given[0];
        return key[prefix.Length..] switch
        {
            "at" => new() { At = Duration(section, key) },
            "after" => new() { After = Duration(section, key) },
            "between" => new() { Between = Range(section, key) },
            _ => new() { On = Condition(section.GetObject(key)) },
        };
    }

    private static VirtualDuration Duration(HoconObject section, string key) =>
        section.GetDurationNs(key) is >= 0 and var value
            ? new(value)
            : throw new HoconException(section.Get(key).Origin, $"expected a length of time at '{key}' but found {section.Get(key).Describe()}");

    private static (VirtualDuration From, VirtualDuration To) Range(HoconObject section, string key)
    {
        var ends = section.GetDurationNsList(key);
        return ends.Count == 2 && ends[0] >= 0 && ends[0] < ends[1]
            ? (new(ends[0]), new(ends[1]))
            : throw new HoconException(section.Get(key).Origin, $"expected two lengths of time, the first the shorter one, as [1s, 5s], at '{key}'");
    }

    private static FaultCondition Condition(HoconObject on)
    {
        string[] known = ["store", "value", "device", "end", "state", "message", "actor", "nth"];
        var settings = new ScenarioSettings(on, null, "a condition", known);
        if (on.Has("store"))
        {
            return new StoreCondition(on.GetString("store"), on.GetString("value"));
        }

        if (on.Has("device"))
        {
            var end = settings.TextOrNone("end") ?? "back";
            return end is "front" or "back"
                ? new DeviceCondition(on.GetString("device"), end == "back", settings.Int("state", 0, 8))
                : throw settings.Wrong("end", "front or back");
        }

        return on.Has("message")
            ? new MessageCondition(on.GetString("message"), settings.TextOrNone("actor") ?? "*", on.Has("nth") ? settings.Int("nth", 1, int.MaxValue) : 1)
            : throw new HoconException(on.Origin, "expected store, device or message in a condition but found none of them");
    }
}
