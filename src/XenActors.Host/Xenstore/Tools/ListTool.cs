namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-list</c>.</summary>
internal sealed class ListTool() : XenstoreTool("list", "[-h] [-p] [-s] key [...]", "p")
{
    private bool prefix;

    private protected override void Set(char option, string value) => prefix = true;

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        foreach (var path in operands)
        {
            if (run.Store.Directory(run.Transaction, path) is not { } names)
            {
                run.Warn($"could not list path {path}");
                return 1;
            }

            foreach (var name in names)
            {
                if (prefix) run.Text.Append(path).Append('/');
                run.Text.Append(name).Append('\n');
            }
        }

        return 0;
    }
}
