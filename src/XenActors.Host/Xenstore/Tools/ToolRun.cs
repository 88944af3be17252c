using System.Text;

namespace XenActors.Xenstore.Tools;

/// <summary>One run of a tool: its store, and what it prints.</summary>
internal sealed class ToolRun(XenstoreLibrary store, ToolConsole console, string program)
{
    public XenstoreLibrary Store { get; } = store;

    /// <summary>0 outside of one.</summary>
    public uint Transaction { get; set; }

    /// <summary>What is printed once the transaction has been committed.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>stdout, at once.</summary>
    public TextWriter Output => console.Output;

    /// <summary>The terminal's width when stdout is one.</summary>
    public int? Columns => console.Columns;

    /// <summary>A line on stderr.</summary>
    public void Warn(string line) => console.Errors.Write($"{program}: {line}\n");

    public void Print() => Output.Write(Text);
}
