namespace XenActors.Xenstore.Tools;

/// <summary>One of Xen's <c>xenstore-*</c> programs, to the byte on stdout and stderr. This class holds what they share; each has a class of its own.</summary>
public abstract class XenstoreTool
{
    private readonly string usage;
    private readonly string options;

    /// <param name="name">Its name, without <c>xenstore-</c>.</param>
    /// <param name="usage">What its usage line says behind its name.</param>
    /// <param name="options">The letters of the options that are its own.</param>
    private protected XenstoreTool(string name, string usage, string options)
    {
        Name = name;
        this.usage = usage;
        this.options = options;
    }

    public string Name { get; }

    /// <summary>Whether it changes the store.</summary>
    public virtual bool Writes => false;

    private string Program => "xenstore-" + Name;

    /// <summary>The tool of a name; null if there is none.</summary>
    public static XenstoreTool? Find(string name) => name switch
    {
        "ls" => new LsTool(),
        "read" => new ReadTool(),
        "write" => new WriteTool(),
        "rm" => new RmTool(),
        "list" => new ListTool(),
        "exists" => new ExistsTool(),
        "chmod" => new ChmodTool(),
        "watch" => new WatchTool(),
        _ => null,
    };

    /// <summary>Runs it; the exit code. The store is connected to once the command line is right.</summary>
    public int Run(IReadOnlyList<string> arguments, Func<IXenstoreConnection> connect, ToolConsole console)
    {
        try
        {
            var operands = Parse(arguments, console.Errors);
            var run = new ToolRun(new XenstoreLibrary(connect()), console, Program);
            return UsesTransaction(operands.Count) ? InTransaction(operands, run) : Once(operands, run);
        }
        catch (ToolFailure failure)
        {
            console.Output.Flush();
            console.Errors.Write($"{Program}: {failure.Message}\n");
            return 1;
        }
    }

    private protected virtual bool Accepts(int operands) => operands > 0;

    private protected virtual bool UsesTransaction(int operands) => true;

    private protected virtual void Set(char option, string value)
    {
    }

    /// <summary>The work, once for each attempt of its transaction; the exit code.</summary>
    private protected abstract int Perform(IReadOnlyList<string> operands, ToolRun run);

    private List<string> Parse(IReadOnlyList<string> arguments, TextWriter errors)
    {
        var parsed = new GetOpt(Program, arguments, errors);
        while (parsed.Next() is { } option)
        {
            if (option is GetOpt.Mistake or 's') continue; // -s is of the past: the socket is what there is
            if (!options.Contains(option, StringComparison.Ordinal)) throw Usage();
            Set(option, parsed.Value);
        }

        return Accepts(parsed.Operands.Count) ? parsed.Operands : throw Usage();
    }

    private ToolFailure Usage() => new($"Usage: {Program} {usage}");

    private int Once(List<string> operands, ToolRun run)
    {
        var code = Perform(operands, run);
        run.Print();
        return code;
    }

    private int InTransaction(List<string> operands, ToolRun run)
    {
        while (true)
        {
            run.Transaction = run.Store.Begin();
            if (run.Transaction == 0) throw new ToolFailure("couldn't start transaction");
            var code = Perform(operands, run);
            if (run.Store.End(run.Transaction, abort: code != 0))
            {
                run.Print();
                return code;
            }

            if (code != 0 || run.Store.Error != Abi.XenErrno.EAGAIN) throw new ToolFailure("couldn't end transaction");
            run.Text.Clear(); // somebody else was faster: anew
        }
    }
}
