using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-ls</c>, with the real one's columns: names and values are cut to the terminal, or to 80 columns where there is none.</summary>
internal sealed class LsTool() : XenstoreTool("ls", "[-h] [-f] [-p] [-s] [path]", "fp")
{
    private const int UsualWidth = 80;
    private const int Unlimited = int.MaxValue / 2;

    /// <summary>The length of <c> = "..."</c>.</summary>
    private const int TagLength = 8;

    /// <summary>The longest path that the real one composes.</summary>
    private const int PathMax = XenstoreLimits.AbsPathMax + 1024;

    private bool whole;
    private bool permissions;
    private int width = UsualWidth;
    private int permissionsColumn = 60;

    private protected override bool Accepts(int operands) => true;

    private protected override bool UsesTransaction(int operands) => false;

    private protected override void Set(char option, string value)
    {
        if (option == 'f') (whole, width, permissionsColumn) = (true, Unlimited, 0);
        else permissions = true;
    }

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        if (run.Columns is { } columns) width = columns - 2; // also with -f
        foreach (var path in operands.Count == 0 ? ["/"] : operands) List(path, 0, run);
        return 0;
    }

    private void List(string path, int depth, ToolRun run)
    {
        if (run.Store.Directory(0, path) is not { } names)
        {
            // What disappears on the way is passed over.
            if (depth > 0 && run.Store.Error == XenErrno.ENOENT) return;
            throw new ToolFailure($"xs_directory ({path}): {ErrnoText.Of(run.Store.Error)}");
        }

        foreach (var name in names)
        {
            var child = path.EndsWith('/') ? path + name : $"{path}/{name}";
            var isCut = child.Length >= PathMax;
            if (isCut) child = child[..(PathMax - 1)];
            var column = 0;
            if (whole)
            {
                run.Output.Write(child);
            }
            else
            {
                var shown = Cut(name, width - TagLength - depth);
                run.Output.Write(new string(' ', depth) + shown);
                column = depth + shown.Length;
            }

            WriteValue(isCut ? null : run.Store.Read(0, child), column, run);
            if (permissions) WritePermissions(child, name, run);
            run.Output.Write('\n');
            List(child, depth + 1, run);
        }
    }

    private void WriteValue(byte[]? value, int column, ToolRun run)
    {
        if (value is null)
        {
            run.Output.Write(":\n");
            return;
        }

        var text = XenstoreLs.Escape(value);
        // Less than no width is a large one: C compares without a sign.
        if (width >= 0 && width < column + value.Length + TagLength)
        {
            run.Output.Write($" = \"{Cut(text, width - TagLength - column)}\\...\"");
            return;
        }

        run.Output.Write($" = \"{text}\"");
        if (!permissions) return;
        run.Output.Write(' ');
        for (column += text.Length + 6; column < Math.Min(permissionsColumn, width); column++) run.Output.Write((column & 1) != 0 ? '.' : ' ');
    }

    private static void WritePermissions(string path, string name, ToolRun run)
    {
        if (run.Store.Permissions(0, path) is { } entries) run.Output.Write($"  ({string.Join(',', entries)})");
        else run.Warn($"\ncould not access permissions for {name}: {ErrnoText.Of(run.Store.Error)}");
    }

    // printf's %.*s: a negative precision is none.
    private static string Cut(string text, int most) => most < 0 || text.Length <= most ? text : text[..most];
}
