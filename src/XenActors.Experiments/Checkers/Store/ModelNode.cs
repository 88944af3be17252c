using System.Text;

namespace XenActors.Experiments.Checkers.Store;

/// <summary>One entry of a node's permissions: a letter of n, r, w, b and a domain. A dead one is listed and grants nothing.</summary>
internal readonly record struct ModelPermission(uint Domain, bool Read, bool Write, bool Dead)
{
    public char Letter => (Read, Write) switch
    {
        (true, true) => 'b',
        (true, false) => 'r',
        (false, true) => 'w',
        _ => 'n',
    };
}

/// <summary>A node of the model's tree.</summary>
internal sealed class ModelNode(string path, ModelNode? parent)
{
    public string Path { get; } = path;

    public string Name { get; } = path[(path.LastIndexOf('/') + 1)..];

    public ModelNode? Parent { get; } = parent;

    public List<ModelNode> Children { get; } = [];

    public ReadOnlyMemory<byte> Value { get; set; }

    public ModelPermission[] Permissions { get; set; } = [];

    public uint Owner => Permissions[0].Domain;

    /// <summary>The number of the request that last changed it or its list of children.</summary>
    public long Changed { get; set; }

    public byte[] List()
    {
        var length = 0;
        foreach (var child in Children)
        {
            length += child.Name.Length + 1;
        }

        var list = new byte[length];
        var at = 0;
        foreach (var child in Children)
        {
            at += Encoding.Latin1.GetBytes(child.Name, list.AsSpan(at)) + 1;
        }

        return list;
    }
}
