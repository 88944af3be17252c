namespace XenActors.Xenstore;

/// <summary>A child that a transaction added to or removed from a directory.</summary>
internal readonly record struct ChildChange(string Name, bool Added);
