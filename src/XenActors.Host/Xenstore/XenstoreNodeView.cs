namespace XenActors.Xenstore;

/// <summary>A node as <c>xenstore-ls</c> meets it: the root first, children in creation order.</summary>
public sealed record XenstoreNodeView(string Path, ReadOnlyMemory<byte> Value, IReadOnlyList<XenstorePermission> Permissions);
