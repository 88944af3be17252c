using System.CommandLine;
using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>--checkpoints DIR</c>, <c>--checkpoint-every TIME</c> and <c>--resume DIR</c>.</summary>
internal sealed class CheckpointChoice
{
    private const string Every = "5s";

    private readonly Option<string?> _directory = new("--checkpoints") { Description = "Write checkpoints into this directory." };
    private readonly Option<string> _every = new("--checkpoint-every") { Description = "Virtual time between checkpoints.", DefaultValueFactory = _ => Every };
    private readonly Option<string?> _resume = new("--resume") { Description = "Continue from the last whole checkpoint in this directory." };

    public void AddTo(Command command)
    {
        command.Options.Add(_directory);
        command.Options.Add(_every);
        command.Options.Add(_resume);
    }

    /// <summary>Where they are written; null when nobody asks for any.</summary>
    public CheckpointDirectory? Directory(ParseResult result) => result.GetValue(_directory) is { Length: > 0 } path ? new(path) : null;

    /// <summary>Where to continue from; null at the beginning.</summary>
    public CheckpointDirectory? Resumed(ParseResult result) => result.GetValue(_resume) is { Length: > 0 } path ? new(path) : null;

    /// <exception cref="UserErrorException">It is no length of time.</exception>
    public VirtualDuration Interval(ParseResult result)
    {
        try
        {
            return HoconConfig.Parse($"t = {result.GetValue(_every)}").GetDurationNs("t") is > 0 and var time ? new(time) : throw new FormatException();
        }
        catch (Exception cause) when (cause is HoconException or FormatException)
        {
            throw new UserErrorException($"--checkpoint-every: expected a length of time as 500ms or 5s but found {result.GetValue(_every)}", cause);
        }
    }

    /// <summary>The same command line, continued from a directory's last checkpoint; from the beginning when there is none.</summary>
    public static IEnumerable<string> Continued(IEnumerable<string> arguments, CheckpointDirectory? from)
    {
        var skip = false;
        foreach (var argument in arguments)
        {
            if (!skip && argument != "--resume" && !argument.StartsWith("--resume=", StringComparison.Ordinal))
            {
                yield return argument;
            }

            skip = argument == "--resume";
        }

        if (from is not null)
        {
            yield return "--resume";
            yield return from.Path;
        }
    }
}
