using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    public static EngineOptions Engine(string name, int partitions) => name switch
    {
        "sequential" => EngineOptions.Sequential,
        "threads" => EngineOptions.Threads(Check(partitions, 1, 1024, "--partitions")),
        _ => throw new UserErrorException($"--engine: expected sequential or threads but found {name}"),
    };

    public static T Check<T>(T value, T least, T most, string option)
        where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new UserErrorException($"{option}: expected {least} to {most} but found {value}");
}
