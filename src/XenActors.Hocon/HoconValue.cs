namespace XenActors.Hocon;

/// <summary>A resolved value and the place it was written at.</summary>
public abstract class HoconValue
{
    private protected HoconValue(HoconOrigin origin) => Origin = origin;

    public HoconOrigin Origin { get; }

    public abstract HoconKind Kind { get; }

    public bool IsNull => Kind == HoconKind.Null;

    /// <summary>The value in an error message: its kind, and for a simple value its text.</summary>
    public abstract string Describe();

    public string AsString(string? path = null) => HoconConversions.ToText(this, path);

    public int AsInt(string? path = null) => HoconConversions.ToInt(this, path);

    public long AsLong(string? path = null) => HoconConversions.ToLong(this, path);

    public double AsDouble(string? path = null) => HoconConversions.ToDouble(this, path);

    /// <summary>true, yes, on, false, no, off.</summary>
    public bool AsBool(string? path = null) => HoconConversions.ToBool(this, path);

    /// <summary>A length of time in nanoseconds; a number without a unit counts milliseconds.</summary>
    public long AsDurationNs(string? path = null) => HoconUnits.ToDurationNs(this, path);

    /// <summary>A size in bytes; a number without a unit counts bytes.</summary>
    public long AsBytes(string? path = null) => HoconUnits.ToBytes(this, path);

    /// <summary>A list, or an object with numeric keys as the list it stands for.</summary>
    public HoconList AsList(string? path = null) => HoconConversions.ToList(this, path);

    public HoconObject AsObject(string? path = null) => HoconConversions.ToObject(this, path);

    public string ToJson(bool pretty = false) => HoconJson.Render(this, pretty);

    public override string ToString() => ToJson();
}
