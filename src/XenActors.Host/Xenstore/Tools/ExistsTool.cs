namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-exists</c>: says it with its exit code.</summary>
internal sealed class ExistsTool() : XenstoreTool("exists", "[-h] [-p] [-s] key [...]", "")
{
    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        foreach (var path in operands)
        {
            if (run.Store.Read(run.Transaction, path) is null) return 1;
        }

        return 0;
    }
}
