namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-rm</c>; tidy also removes what becomes empty above.</summary>
internal sealed class RmTool() : XenstoreTool("rm", "[-h] [-s] [-t] key [...]", "t")
{
    private bool tidy;

    public override bool Writes => true;

    private protected override void Set(char option, string value) => tidy = true;

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        foreach (var path in operands)
        {
            for (var next = path; next is not null; next = tidy ? EmptyParent(next, run) : null)
            {
                if (run.Store.Rm(run.Transaction, next)) continue;
                run.Warn($"could not remove path {next}");
                return 1;
            }
        }

        return 0;
    }

    // The directory of a path, if it has neither a value nor children.
    private static string? EmptyParent(string path, ToolRun run)
    {
        var slash = path.LastIndexOf('/');
        if (slash < 0) return null;
        var parent = path[..slash];
        return run.Store.Read(run.Transaction, parent) is { Length: 0 } && run.Store.Directory(run.Transaction, parent) is { Count: 0 } ? parent : null;
    }
}
