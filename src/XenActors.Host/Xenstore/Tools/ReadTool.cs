using System.Text;

namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-read</c>.</summary>
internal sealed class ReadTool() : XenstoreTool("read", "[-h] [-p] [-s] [-R] key [...]", "pR")
{
    private bool prefix;
    private bool raw;

    private protected override bool UsesTransaction(int operands) => operands > 1;

    private protected override void Set(char option, string value)
    {
        if (option == 'p') prefix = true;
        else raw = true;
    }

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        foreach (var path in operands)
        {
            if (run.Store.Read(run.Transaction, path) is not { } value)
            {
                run.Warn($"couldn't read path {path}");
                return 1;
            }

            if (prefix) run.Text.Append(path).Append(": ");
            if (raw) run.Text.Append(Encoding.Latin1.GetString(value));
            else run.Text.Append(XenstoreLs.Escape(value)).Append('\n');
        }

        return 0;
    }
}
