namespace XenActors.Toolstack.Xl;

/// <summary>A key that xl reads.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">How its value is read.</param>
/// <param name="Default">What holds without it, in words; empty for nothing.</param>
public sealed record XlKey(string Name, XlKeyType Type, string Default);
