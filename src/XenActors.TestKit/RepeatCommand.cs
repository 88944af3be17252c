using System.Diagnostics;
using System.Globalization;

namespace XenActors.TestKit;

/// <summary>The words that every failure ends with: the seed, and the command that repeats the test.</summary>
internal static class RepeatCommand
{
    public static string[] Lines(Type test, ulong seed) => Lines(Name(test), seed);

    /// <param name="test">Namespace, class and method.</param>
    public static string[] Lines(string test, ulong seed)
    {
        var number = seed.ToString(CultureInfo.InvariantCulture);
        return [$"seed {number}; to repeat:", $"{Seeds.Variable}={number} dotnet test --filter \"FullyQualifiedName~{test}\""];
    }

    /// <summary>The message has said it already.</summary>
    public static bool IsIn(string message) => message.Contains($"{Environment.NewLine}{Seeds.Variable}=", StringComparison.Ordinal);

    // The outermost method of the test class on the stack: the test, whatever it called on the way here.
    private static string Name(Type type)
    {
        var method = new StackTrace().GetFrames()
            .Select(f => f.GetMethod())
            .LastOrDefault(m => m?.DeclaringType == type && !m.IsConstructor);
        return method is null ? type.FullName! : $"{type.FullName}.{method.Name}";
    }
}
