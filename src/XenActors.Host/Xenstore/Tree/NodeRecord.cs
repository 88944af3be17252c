namespace XenActors.Xenstore;

/// <summary>What a node is, in the tree or in a transaction's copy. Values and permission arrays are never changed in place.</summary>
internal abstract class NodeRecord(string path) : IPathKeyed
{
    public const ulong NoGeneration = ulong.MaxValue;

    public string Path { get; } = path;

    public byte[] Value { get; set; } = [];

    public XenstorePermission[] Perms { get; set; } = [];

    public ulong Generation { get; set; } = NoGeneration;

    /// <summary>The length of the child list: each name and its NUL.</summary>
    public int ChildBytes { get; set; }

    /// <summary>What the daemon's record of it takes, against which a guest's quota is held.</summary>
    public int RecordSize => SizeOf(Perms.Length, Value.Length, ChildBytes);

    public uint Owner => Perms[0].Domid;

    public static int SizeOf(int perms, int value, int children) => 24 + 8 * perms + value + children;
}
