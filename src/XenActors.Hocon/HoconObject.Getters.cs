namespace XenActors.Hocon;

/// <remarks>
/// A <c>Get</c> wants a value of its type. A <c>TryGet</c> answers false where there is no value or null; a value of the
/// wrong type is an error in both, since a typing mistake must not pass for an absent setting.
/// </remarks>
public sealed partial class HoconObject
{
    /// <summary>Whether a value other than null stands at the path.</summary>
    public bool Has(string path) => TryGet(path, out _);

    public HoconValue Get(string path)
    {
        var value = Find(path, out var deepest);
        return value ?? throw new HoconException(deepest.Origin, $"expected a value at '{Full(path)}' but found none");
    }

    public bool TryGet(string path, out HoconValue value)
    {
        value = Find(path, out _)!;
        return value is { IsNull: false };
    }

    public string GetString(string path) => Get(path).AsString(Full(path));

    public int GetInt(string path) => Get(path).AsInt(Full(path));

    public long GetLong(string path) => Get(path).AsLong(Full(path));

    public double GetDouble(string path) => Get(path).AsDouble(Full(path));

    public bool GetBool(string path) => Get(path).AsBool(Full(path));

    public long GetDurationNs(string path) => Get(path).AsDurationNs(Full(path));

    public long GetBytes(string path) => Get(path).AsBytes(Full(path));

    public HoconList GetList(string path) => Get(path).AsList(Full(path));

    public HoconObject GetObject(string path) => Get(path).AsObject(Full(path)).ReachedBy(Full(path));

    public IReadOnlyList<string> GetStringList(string path) => Each(path, static (v, p) => v.AsString(p));

    public IReadOnlyList<int> GetIntList(string path) => Each(path, static (v, p) => v.AsInt(p));

    public IReadOnlyList<long> GetLongList(string path) => Each(path, static (v, p) => v.AsLong(p));

    public IReadOnlyList<double> GetDoubleList(string path) => Each(path, static (v, p) => v.AsDouble(p));

    public IReadOnlyList<bool> GetBoolList(string path) => Each(path, static (v, p) => v.AsBool(p));

    public IReadOnlyList<long> GetDurationNsList(string path) => Each(path, static (v, p) => v.AsDurationNs(p));

    public IReadOnlyList<long> GetBytesList(string path) => Each(path, static (v, p) => v.AsBytes(p));

    public IReadOnlyList<HoconObject> GetObjectList(string path) => Each(path, static (v, p) => v.AsObject(p).ReachedBy(p));

    public bool TryGetString(string path, out string value) => Try(path, static (v, p) => v.AsString(p), out value);

    public bool TryGetInt(string path, out int value) => Try(path, static (v, p) => v.AsInt(p), out value);

    public bool TryGetLong(string path, out long value) => Try(path, static (v, p) => v.AsLong(p), out value);

    public bool TryGetDouble(string path, out double value) => Try(path, static (v, p) => v.AsDouble(p), out value);

    public bool TryGetBool(string path, out bool value) => Try(path, static (v, p) => v.AsBool(p), out value);

    public bool TryGetDurationNs(string path, out long value) => Try(path, static (v, p) => v.AsDurationNs(p), out value);

    public bool TryGetBytes(string path, out long value) => Try(path, static (v, p) => v.AsBytes(p), out value);

    public bool TryGetList(string path, out HoconList value) => Try(path, static (v, p) => v.AsList(p), out value);

    public bool TryGetObject(string path, out HoconObject value) =>
        Try(path, static (v, p) => v.AsObject(p).ReachedBy(p), out value);

    private bool Try<T>(string path, Func<HoconValue, string, T> read, out T value)
    {
        if (TryGet(path, out var found))
        {
            value = read(found, Full(path));
            return true;
        }
        value = default!;
        return false;
    }

    private List<T> Each<T>(string path, Func<HoconValue, string, T> read)
    {
        var list = GetList(path);
        var result = new List<T>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            result.Add(read(list[i], $"{Full(path)}[{i}]"));
        }
        return result;
    }

    // The deepest object on the way is where the user has to add what is missing.
    private HoconValue? Find(string path, out HoconObject deepest)
    {
        deepest = this;
        HoconValue current = this;
        foreach (var key in HoconPath.Parse(path))
        {
            if (current is not HoconObject at)
            {
                return null;
            }
            deepest = at;
            if (!at.TryGetField(key, out current))
            {
                return null;
            }
        }
        return current;
    }

    private string Full(string path) => prefix.Length == 0 ? path : $"{prefix}.{path}";
}
