using System.Globalization;
using XenActors.Experiments.Boot;
using XenActors.Guest;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// How a recording begins: all that the simulated host was built from. The profiles and configuration files are in it as they were, so that a
/// recording needs no other file.
/// </summary>
public sealed record RecordingHeader
{
    /// <summary>How every recording begins.</summary>
    public const string Magic = "xenactors recording ";

    public const int Version = 3;

    /// <summary>Which build recorded it; see <see cref="OfThisBuild"/>.</summary>
    public required string Build { get; init; }

    /// <summary>When, in universal time.</summary>
    public required string Started { get; init; }

    /// <summary>The command that was given.</summary>
    public required string Arguments { get; init; }

    public required ulong Seed { get; init; }

    public required HostProfile Host { get; init; }

    public required KernelProfile Kernel { get; init; }

    public string? CommandLine { get; init; }

    public bool Paused { get; init; }

    /// <summary>Name and text of each configuration file.</summary>
    public IReadOnlyList<(string Name, string Text)> Configs { get; init; } = [];

    /// <summary>In the order of their numbers, from 1 on.</summary>
    public IReadOnlyList<RecordedVolume> Volumes { get; init; } = [];

    /// <summary>The guests' disks that programs outside may use, by user.</summary>
    public IReadOnlyList<SessionDisk> Disks { get; init; } = [];

    /// <summary>Whether this very build recorded it. Another one may have another history.</summary>
    public bool OfThisBuild => Build == BuildIdentity.Text;

    public static RecordingHeader Of(BootSession session, IReadOnlyList<SessionDisk> disks, DateTimeOffset started, string arguments) => new()
    {
        Build = BuildIdentity.Text,
        Started = started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Arguments = arguments,
        Seed = session.Options.Seed,
        Host = session.Host,
        Kernel = session.Kernel,
        CommandLine = session.Options.CommandLine,
        Paused = session.Options.Paused,
        Disks = disks,
        Configs = [.. session.Orders.Select(o => (o.FileName, o.ConfigText))],
        Volumes = [.. session.Volumes.Reports.Select(v => new RecordedVolume(v.Path, session.Volumes.Find(v.Path)!, v.Made ? "" : Path.GetFullPath(v.Image))).OrderBy(v => v.Info.Id.Number)],
    };

    public void Write(RecordingWriter to)
    {
        to.Line("xenactors"u8).Word("recording"u8).Number(Version).End();
        to.Line("build"u8).Word(BuildIdentity.Version).Word(Build).End();
        to.Line("started"u8).Word(Started).End();
        to.Line("command"u8).Bytes(System.Text.Encoding.UTF8.GetBytes(Arguments)).End();
        to.Line("seed"u8).Word(Seed.ToString(CultureInfo.InvariantCulture)).End();
        to.Line("host"u8).Name(Host.Name).Word(Schema<HostProfile>()).Word(Encoded(Host)).End();
        to.Line("kernel"u8).Name(Kernel.Name).Word(Schema<KernelProfile>()).Word(Encoded(Kernel)).End();
        if (CommandLine is not null)
        {
            to.Line("cmdline"u8).Bytes(System.Text.Encoding.UTF8.GetBytes(CommandLine)).End();
        }

        if (Paused)
        {
            to.Line("paused"u8).End();
        }

        foreach (var (name, text) in Configs)
        {
            to.Line("config"u8).Name(name).Bytes(System.Text.Encoding.UTF8.GetBytes(text)).End();
        }

        foreach (var (path, info, image) in Volumes)
        {
            to.Line("volume"u8).Name(path).Word(info.Sectors.ToString(CultureInfo.InvariantCulture)).Word(info.IsBlockDevice ? "block"u8 : "file"u8)
                .Name(info.Device).Word(info.ReadOnly ? "ro"u8 : "rw"u8).Number(info.DiscardGranularity).Word(info.Barrier ? "barrier"u8 : "no-barrier"u8)
                .Word(image.Length == 0 ? "made"u8 : "image"u8).Bytes(System.Text.Encoding.UTF8.GetBytes(image)).End();
        }

        foreach (var (guest, device) in Disks)
        {
            to.Line("disk"u8).Number(guest).Name(device).End();
        }

        to.Line("begin"u8).End();
    }

    /// <summary>The session as it was, before its first event.</summary>
    internal BootSession Recreate(EngineOptions engine) => BootSession.Recreate(
        new BootOptions
        {
            Configs = [.. Configs.Select(c => c.Name)],
            Texts = Configs,
            Kernel = Kernel.Name,
            Host = Host.Name,
            CommandLine = CommandLine,
            Seed = Seed,
            Paused = Paused,
            Engine = engine,
        },
        Host,
        Kernel);

    internal static string Schema<T>()
        where T : ICodec<T> => CodecOf.Schema<T>().ToString("x16", CultureInfo.InvariantCulture);

    private static string Encoded<T>(T value)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in value, ref sink);
        return Convert.ToBase64String(buffer.Written);
    }
}
