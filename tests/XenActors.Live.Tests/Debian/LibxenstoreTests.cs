using System.Diagnostics;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>A C program upon Debian's libxenstore (C/xs-threads.c), against the real daemon and ours.</summary>
public sealed class LibxenstoreTests : IDisposable
{
    // 8 threads of 200 increments and as many awaited events.
    private const string Right = "counter 1600\nsum 1600\nevents 1600\n0";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("xs");

    [DebianTheory(DebianNeeds.Compiler | DebianNeeds.Daemon)]
    [InlineData("shared")]
    [InlineData("own")]
    public void Eight_threads_with_transactions_and_watches_end_without_an_error(string handles)
    {
        var program = Compile();
        using var real = new RealXenstored();
        using var ours = new RunningServer();
        Assert.Equal(Right, DebianTools.Run(real.Socket, program, handles));
        Assert.Equal(Right, DebianTools.Run(ours.Socket, program, handles));
        Assert.Equal(default, ours.Counts);
    }

    public void Dispose() => directory.Delete(true);

    private string Compile()
    {
        var program = Path.Combine(directory.FullName, "xs-threads");
        var source = Path.Combine(AppContext.BaseDirectory, "C", "xs-threads.c");
        var start = new ProcessStartInfo(DebianPrograms.Get("gcc")) { RedirectStandardError = true };
        foreach (var argument in (string[])["-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, source, "-lxenstore"]) start.ArgumentList.Add(argument);
        using var compiler = Process.Start(start)!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.Equal("", errors);
        Assert.Equal(0, compiler.ExitCode);
        return program;
    }
}
