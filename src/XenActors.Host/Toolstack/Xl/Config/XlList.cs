namespace XenActors.Toolstack.Xl;

/// <summary>A list in brackets; its items may be lists again.</summary>
public sealed record XlList(IReadOnlyList<XlValue> Items, SourcePosition Position) : XlValue(Position);
