namespace XenActors.Hocon;

/// <summary>A null, boolean, number or string. A number keeps the text it was written with.</summary>
public sealed class HoconScalar : HoconValue
{
    // Long enough to recognise a value, short enough for one line of error.
    private const int DescribedLengthMax = 60;

    internal HoconScalar(HoconOrigin origin, HoconKind kind, string text)
        : base(origin)
    {
        Kind = kind;
        Text = text;
    }

    public override HoconKind Kind { get; }

    public string Text { get; }

    public override string Describe() => Kind switch
    {
        HoconKind.Null => "null",
        HoconKind.String => "string " + HoconJson.Quote(Shortened()),
        HoconKind.Number => "number " + Shortened(),
        _ => "boolean " + Text,
    };

    private string Shortened() => Text.Length <= DescribedLengthMax ? Text : string.Concat(Text.AsSpan(0, DescribedLengthMax), "...");
}
