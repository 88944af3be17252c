using System.Text;

namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-watch</c>. Where the real one would ask a dead daemon for ever, this one ends.</summary>
internal sealed class WatchTool() : XenstoreTool("watch", "[-h] [-n NR] key", "n")
{
    private int most = -1;

    private protected override bool UsesTransaction(int operands) => false;

    private protected override void Set(char option, string value) => most = unchecked((int)CNumber.Leading(Encoding.Latin1.GetBytes(value))); // atoi

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        foreach (var path in operands)
        {
            if (!run.Store.Watch(path, path)) throw new ToolFailure($"Unable to add watch on {path}\n");
        }

        for (var count = 0; most == -1 || count < most; count++)
        {
            if (run.Store.NextEvent() is not { } told) break;
            run.Output.Write(told.Path + "\n");
            run.Output.Flush();
        }

        return 0;
    }
}
