namespace XenActors.Hocon;

/// <summary>A resolved object: keys in the order of their first mention, and typed getters by path expression.</summary>
public sealed partial class HoconObject : HoconValue
{
    private readonly OrderedDictionary<string, HoconValue> fields;

    // The path by which a getter reached this object, so that errors below it can name the whole path.
    private readonly string prefix;

    internal HoconObject(HoconOrigin origin, OrderedDictionary<string, HoconValue> fields, string prefix = "")
        : base(origin)
    {
        this.fields = fields;
        this.prefix = prefix;
    }

    public override HoconKind Kind => HoconKind.Object;

    public int Count => fields.Count;

    /// <summary>Keys (not path expressions) in the order of their first mention.</summary>
    public IReadOnlyList<string> Keys => fields.Keys;

    /// <summary>The value of one key, taken literally: no dots are split, no quotes are read.</summary>
    public bool TryGetField(string key, out HoconValue value)
    {
        var found = fields.TryGetValue(key, out var field);
        value = field!;
        return found;
    }

    /// <summary>This object over <paramref name="fallback"/>, as if both were written for one key, the fallback first.</summary>
    public HoconObject WithFallback(HoconObject fallback)
    {
        var merged = new OrderedDictionary<string, HoconValue>(fallback.fields);
        foreach (var (key, value) in fields)
        {
            merged[key] = value is HoconObject upper && merged.TryGetValue(key, out var under) && under is HoconObject lower
                ? upper.WithFallback(lower)
                : value;
        }
        return new HoconObject(Origin, merged, prefix);
    }

    public override string Describe() => Count == 0 ? "empty object" : $"object with key {HoconPath.Quote(fields.GetAt(0).Key)}";

    internal OrderedDictionary<string, HoconValue> Fields => fields;

    internal HoconObject ReachedBy(string path) => new(Origin, fields, path);
}
