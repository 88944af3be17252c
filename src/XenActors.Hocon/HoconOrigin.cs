namespace XenActors.Hocon;

/// <summary>Where a value stands: the file's name as it was asked for, and a 1-based line and column (in UTF-16 units).</summary>
/// <remarks>Line 0 means the file as a whole, for instance a file that does not exist.</remarks>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    public static HoconOrigin OfFile(string source) => new(source, 0, 0);

    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
