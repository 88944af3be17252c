namespace XenActors.Xenstore.Tools;

/// <summary><c>xenstore-write</c>.</summary>
internal sealed class WriteTool() : XenstoreTool("write", "[-h] [-s] [-R] key value [...]", "R")
{
    private bool raw;

    public override bool Writes => true;

    private protected override bool Accepts(int operands) => operands > 0 && operands % 2 == 0;

    private protected override bool UsesTransaction(int operands) => operands > 2;

    private protected override void Set(char option, string value) => raw = true;

    private protected override int Perform(IReadOnlyList<string> operands, ToolRun run)
    {
        for (var i = 0; i < operands.Count; i += 2)
        {
            var value = raw ? operands[i + 1] : EscapedValue.Read(operands[i + 1]);
            if (run.Store.Write(run.Transaction, operands[i], value)) continue;
            run.Warn($"could not write path {operands[i]}");
            return 1;
        }

        return 0;
    }
}
