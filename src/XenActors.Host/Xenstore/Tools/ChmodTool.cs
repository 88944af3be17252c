using System.Globalization;
using System.Text;

namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-chmod</c>.</summary>
internal sealed class ChmodTool() : XenstoreTool("chmod", "[-h] [-u] [-r] [-s] key <mode [modes...]>", "ur")
{
    /// <summary>A child's path is cut here, as the real tool cuts it.</summary>
    private const int PathMax = 255;

    private bool upTo;
    private bool recurse;

    public override bool Writes => true;

    private protected override void Set(char option, string value)
    {
        if (option == 'u') upTo = true;
        else recurse = true;
    }

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        var permissions = new List<string>();
        foreach (var text in operands.Skip(1))
        {
            if (text is not ['n' or 'r' or 'w' or 'b', ..]) throw new ToolFailure($"Invalid permission specification: '{(text.Length == 0 ? '\0' : text[0])}'");
            var domid = unchecked((int)CNumber.Leading(Encoding.Latin1.GetBytes(text, 1, text.Length - 1))); // C prints it as signed
            permissions.Add(text[0] + domid.ToString(CultureInfo.InvariantCulture));
        }

        Change(operands[0], permissions, upTo, recurse, run);
        return 0;
    }

    private static void Change(string path, List<string> permissions, bool upTo, bool recurse, ToolRun run)
    {
        if (path.Length == 0) return;
        if (!run.Store.SetPermissions(run.Transaction, path, permissions))
        {
            throw new ToolFailure($"Error occurred setting permissions on '{path}': {ErrnoText.Of(run.Store.Error)}");
        }

        if (upTo)
        {
            var slash = path.LastIndexOf('/');
            if (slash < 0) throw new ToolFailure($"Unable to locate path separator '/' in '{path}'");
            Change(path[..slash], permissions, true, false, run);
        }

        if (!recurse || run.Store.Directory(run.Transaction, path) is not { } names) return;
        foreach (var name in names)
        {
            var child = $"{path}/{name}";
            Change(child.Length > PathMax ? child[..PathMax] : child, permissions, false, true, run);
        }
    }
}
