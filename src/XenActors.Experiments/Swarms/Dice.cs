using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// Draws values from a swarm file's ranges. A value stands for itself; a list for one of its members, all alike, <c>null</c> for none; <c>{ from = A, to = B }</c> for a number, a
/// length of time or a size between them, both included, evenly, or with <c>log = true</c> evenly by magnitude; <c>{ weights { a = 3, b = 1 } }</c> for a word.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private RandomStream _random = new(seed, "swarm");

    public bool Chance(double probability) => _random.NextChance(probability);

    public long Between(long low, long high) => _random.NextBetween(low, high);

    public T Pick<T>(IReadOnlyList<T> items) => items[(int)_random.Next(items.Count)];

    /// <summary>Null when there is no such key.</summary>
    /// <exception cref="HoconException">The range has another form.</exception>
    public JsonNode? Draw(HoconObject section, string key) => section.TryGetField(key, out var value) && !value.IsNull ? Draw(value) : null;

    public string Text(HoconObject section, string key) =>
        Draw(section, key)?.ToString() ?? throw new HoconException(section.Origin, $"expected '{key}' in a swarm file but found none");

    public int Number(HoconObject section, string key) =>
        int.TryParse(Text(section, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new HoconException(section.Get(key).Origin, $"expected a whole number, a list of them or {{ from, to }} at '{key}'");

    private JsonNode? Draw(HoconValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        switch (value.Kind)
        {
            case HoconKind.List:
                var list = value.AsList();
                return list.Count > 0 ? Draw(list[(int)_random.Next(list.Count)]) : throw new HoconException(value.Origin, "expected at least one value in a list to draw from");
            case HoconKind.Object:
                var section = value.AsObject();
                return section.Has("weights") ? Weighted(section.GetObject("weights")) : Range(section);
            case HoconKind.Boolean:
                return JsonValue.Create(value.AsBool());
            default:
                return Plain(value.AsString());
        }
    }

    /// <summary>Every power of two between the two is as likely as another.</summary>
    public long ByMagnitude(long low, long high)
    {
        // A power of two between them, then a place within it: no logarithm that another machine might round otherwise.
        var (least, most) = (63 - long.LeadingZeroCount(low), 63 - long.LeadingZeroCount(high));
        var power = _random.NextBetween(least, most);
        return _random.NextBetween(Math.Max(low, 1L << (int)power), Math.Min(high, (1L << (int)power << 1) - 1));
    }

    private static JsonNode Plain(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private JsonNode Weighted(HoconObject weights)
    {
        var sum = 0L;
        foreach (var key in weights.Keys)
        {
            weights.TryGetField(key, out var weight);
            sum += weight.AsInt(key);
        }

        if (sum <= 0)
        {
            throw new HoconException(weights.Origin, "expected weights whose sum is above zero");
        }

        var drawn = _random.Next(sum);
        foreach (var key in weights.Keys)
        {
            weights.TryGetField(key, out var weight);
            drawn -= weight.AsInt(key);
            if (drawn < 0)
            {
                return Plain(key);
            }
        }

        throw new HoconException(weights.Origin, "expected weights of zero and more");
    }

    private JsonNode Range(HoconObject section)
    {
        var (from, to) = (section.Get("from"), section.Get("to"));
        var log = section.TryGet("log", out var flag) && flag.AsBool();
        if (Whole(from) is { } low && Whole(to) is { } high)
        {
            return JsonValue.Create(Within(section, low, high, log));
        }

        if (double.TryParse(from.AsString(), CultureInfo.InvariantCulture, out var least) && double.TryParse(to.AsString(), CultureInfo.InvariantCulture, out var most))
        {
            // Thousandths are fine enough, and short to read.
            return JsonValue.Create(Math.Round(least + (_random.NextDouble() * (most - least)), 3));
        }

        var microseconds = Within(section, from.AsDurationNs("from") / 1000, to.AsDurationNs("to") / 1000, log);
        return JsonValue.Create(microseconds % 1000 == 0 ? $"{microseconds / 1000}ms" : $"{microseconds}us");
    }

    private long Within(HoconObject section, long low, long high, bool log)
    {
        if (low > high)
        {
            throw new HoconException(section.Origin, "expected 'from' not above 'to'");
        }

        return log && low > 0 ? ByMagnitude(low, high) : _random.NextBetween(low, high);
    }

    private static long? Whole(HoconValue value) =>
        long.TryParse(value.AsString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
