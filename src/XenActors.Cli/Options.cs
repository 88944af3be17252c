using System.CommandLine;
using System.Globalization;
using System.Numerics;
using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    public static EngineOptions Engine(string name, int partitions) => name switch
    {
        "sequential" => EngineOptions.Sequential,
        "threads" => EngineOptions.Threads(partitions),
        _ => throw new UserErrorException($"--engine: expected sequential or threads but found {name}"),
    };

    /// <summary>A number in a range; a mistake is told in the user's words.</summary>
    public static Option<T> Number<T>(string name, T usual, T least, T most, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var whole = typeof(T) != typeof(double);
                if (T.TryParse(text, whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && value >= least && value <= most)
                {
                    return value;
                }

                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"{name}: '{text}' is not a {(whole ? "whole number" : "number")} from {least} to {most}"));
                return usual;
            },
        };

    public static Option<ulong> Seed(string description) => Number<ulong>("--seed", 1, 0, ulong.MaxValue, description);

    public static Option<int> Partitions() => Number("--partitions", 2, 1, 1024, "Partitions of the threads engine.");

    public static Option<FileInfo?> File(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (result.Tokens[0].Value is { Length: > 0 } path)
            {
                return new FileInfo(path);
            }

            result.AddError($"{name}: expected a file but found an empty name");
            return null;
        },
    };

    /// <summary>What begins with '-' where a file is expected is an option that the command does not have.</summary>
    public static void RefuseUnknown(Argument files) => files.Validators.Add(result =>
    {
        if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } token)
        {
            result.AddError($"{token.Value}: unknown option");
        }
    });
}
