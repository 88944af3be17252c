using System.Text;
using XenActors.Xenstore;

namespace XenActors.TestKit.Machines;

/// <summary>A machine's xenstore as it is now. What is not as expected shows <c>xenstore-ls</c> of the neighbourhood.</summary>
public sealed class StoreAssert
{
    private const int LinesMax = 40;

    private readonly MachineTest _test;

    internal StoreAssert(MachineTest test) => _test = test;

    /// <summary>A node's value, bytes as Latin-1; null when there is no such node.</summary>
    public string? Value(string path) => Find(path) is { } node ? Encoding.Latin1.GetString(node.Value.Span) : null;

    /// <summary>As <c>xenstore-ls -fp</c> prints a node and what lies below; empty when there is no such node.</summary>
    public string Ls(string path) => XenstoreLs.Render(Subtree(path));

    /// <summary>The node is there with this value.</summary>
    public void AssertNode(string path, string value)
    {
        var got = Value(path);
        if (got != value)
        {
            throw Failure(path, $"expected {path} = \"{value}\", and {(got is null ? "there is no such node" : $"it is \"{got}\"")}");
        }
    }

    public void AssertExists(string path)
    {
        if (Find(path) is null)
        {
            throw Failure(path, $"expected {path}, and there is no such node");
        }
    }

    public void AssertAbsent(string path)
    {
        if (Value(path) is { } value)
        {
            throw Failure(path, $"expected no {path}, and it is \"{value}\"");
        }
    }

    /// <summary>The node's permissions are these, in the wire's form: <c>n0</c>, <c>r1</c>.</summary>
    public void AssertPermissions(string path, params ReadOnlySpan<string> permissions)
    {
        AssertExists(path);
        var wanted = string.Join(',', permissions!);
        var got = string.Join(',', Find(path)!.Permissions);
        if (got != wanted)
        {
            throw Failure(path, $"expected {path} with the permissions {wanted}, and it has {got}");
        }
    }

    private XenstoreNodeView? Find(string path) => _test.Machine.Store.Dump().FirstOrDefault(n => n.Path == path);

    private IEnumerable<XenstoreNodeView> Subtree(string path) => _test.Machine.Store.Dump().Where(
        n => path == "/" || n.Path == path || n.Path.StartsWith(path + "/", StringComparison.Ordinal));

    // The node's directory, or the nearest above it that is there.
    private Exception Failure(string path, string what)
    {
        var directory = path;
        do
        {
            var slash = directory.LastIndexOf('/');
            directory = slash <= 0 ? "/" : directory[..slash];
        }
        while (directory != "/" && Find(directory) is null);

        var lines = Subtree(directory).Where(n => n.Path != "/").Select(n => "  " + XenstoreLs.Line(n)).ToList();
        var shown = lines.Count <= LinesMax ? lines : [.. lines.Take(LinesMax), $"  and {lines.Count - LinesMax} more"];
        return _test.Failure(string.Join(Environment.NewLine, [what, $"xenstore-ls -fp {directory}:", .. shown]));
    }
}
