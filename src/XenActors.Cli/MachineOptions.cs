using System.CommandLine;
using XenActors.Experiments;
using XenActors.Experiments.Boot;

namespace XenActors.Cli;

/// <summary>The options of commands that build a host from xl files.</summary>
internal sealed class MachineOptions
{
    private readonly Argument<string[]> _configs;
    private readonly Option<string> _kernel = new("--kernel") { Description = "The guests' kernel: a profile's name or a file.", DefaultValueFactory = _ => "debian12-6.1" };
    private readonly Option<string?> _commandLine = new("--cmdline") { Description = "The kernel's command line instead of the file's." };
    private readonly Option<ulong> _seed = Options.Seed("The seed of the history.");
    private readonly Option<string?> _host = new("--host") { Description = "The host: a profile's name or a file; by default the one that goes with the kernel." };
    private readonly Option<string[]> _volume = new("--volume") { Description = "PATH=IMAGE: the image behind a path that a configuration names. May repeat." };
    private readonly Option<bool> _paused = new("--paused") { Description = "Create the guests and leave them paused." };
    private readonly EngineChoice _engine = new();

    public MachineOptions(ArgumentArity configs)
    {
        _configs = new("CFG") { Description = "xl configuration files, one guest each.", Arity = configs };
        Options.RefuseUnknown(_configs);
    }

    public void AddTo(Command command)
    {
        command.Add(_configs);
        command.Add(_kernel);
        command.Add(_commandLine);
        command.Add(_seed);
        command.Add(_host);
        command.Add(_volume);
        command.Add(_paused);
        _engine.AddTo(command);
    }

    public BootOptions Read(ParseResult result) => new()
    {
        Configs = result.GetValue(_configs) ?? [],
        Kernel = result.GetValue(_kernel)!,
        CommandLine = result.GetValue(_commandLine),
        Seed = result.GetValue(_seed),
        Host = result.GetValue(_host),
        Volumes = [.. (result.GetValue(_volume) ?? []).Select(ParseVolume)],
        Paused = result.GetValue(_paused),
        Engine = _engine.Read(result),
    };

    private static (string Path, string Image) ParseVolume(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1
            ? (text[..equals], text[(equals + 1)..])
            : throw new UserErrorException($"--volume: expected PATH=IMAGE but found {text}");
    }
}
