namespace XenActors.Toolstack.Xl;

/// <summary>One <c>key = value</c> or <c>key += value</c> of a file.</summary>
/// <param name="Key">The name on the left.</param>
/// <param name="IsAddition">Whether it was written with <c>+=</c>; such a setting cannot be read as a number.</param>
/// <param name="Value">The value; for an addition joined with what the key held before.</param>
/// <param name="Position">Where the key stands.</param>
/// <param name="Line">The line that xl names in warnings: the value's first.</param>
public sealed record XlSetting(string Key, bool IsAddition, XlValue Value, SourcePosition Position, int Line);
