namespace XenActors.Toolstack.Xl;

/// <summary>A quoted string or a bare number; xl makes no difference between <c>64</c> and <c>'64'</c>.</summary>
public sealed record XlString(string Text, SourcePosition Position) : XlValue(Position);
