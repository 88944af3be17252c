using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace XenActors.Tests.SplitDrivers;

/// <summary>FsCheck's runner without its own report: the test tells what was found.</summary>
internal sealed class QuietRunner : IRunner
{
    public void OnStartFixture(Type fixture)
    {
    }

    public void OnArguments(int number, FSharpList<object> arguments, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> tell)
    {
    }

    public void OnShrink(FSharpList<object> arguments, FSharpFunc<FSharpList<object>, string> tell)
    {
    }

    public void OnFinished(string name, TestResult result)
    {
    }
}
