using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace XenActors.Tests.Hypervisor.Properties;

/// <summary>Random cases from fixed seeds: the first that goes wrong, made as short as it can be.</summary>
internal static class Found
{
    private const int Size = 50;

    /// <summary>Fails with the shortest history for which the play has something to say.</summary>
    public static void Nothing<T>(Gen<T[]> histories, int cases, Func<T[], string?> play)
    {
        if (First(histories, cases, play) is { } found)
        {
            Assert.Fail(found);
        }
    }

    /// <summary>What was found, or null.</summary>
    public static string? First<T>(Gen<T[]> histories, int cases, Func<T[], string?> play)
    {
        for (var seed = 1; seed <= cases; seed++)
        {
            string? found = null;
            var property = Prop.ForAll(Arb.From(histories, Shorter), history =>
            {
                if (play(history) is not { } wrong)
                {
                    return true;
                }

                found = string.Create(CultureInfo.InvariantCulture, $"case {seed}: {wrong}\n{string.Join('\n', history)}");
                return false;
            });
            Check.One(Config.Quick.WithMaxTest(1).WithReplay(new Replay(new Rnd((ulong)seed), Size)).WithRunner(new Silent()), property);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static IEnumerable<T[]> Shorter<T>(T[] history)
    {
        for (var chunk = history.Length / 2; chunk > 0; chunk /= 2)
        {
            for (var at = 0; at + chunk <= history.Length; at += chunk)
            {
                yield return [.. history[..at], .. history[(at + chunk)..]];
            }
        }
    }

    private sealed class Silent : IRunner
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
}
