using System.Text;
using XenActors.Abi;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Guest.Block.Outside;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.Experiments.Boot;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Tests.Experiments.Recordings;

/// <summary>Sessions without a socket and without a clock: the test says what enters and when.</summary>
public sealed class RecordedRig : IDisposable
{
    private readonly BootRig _rig = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("xenactors-recording-").FullName;

    public string File => Path.Combine(_directory, "a.recording");

    public BootRig Boots => _rig;

    public static VirtualTime At(double seconds) => new((long)(seconds * 1e9));

    /// <summary>A host with nothing but dom0.</summary>
    public BootSession Empty() => _rig.Prepare(new BootOptions { Configs = [] });

    /// <summary>A session that this writes down; the script makes things enter and time go on.</summary>
    public Fingerprint Record(BootSession boot, Action<LiveSession> script, Answers? answers = null)
    {
        using var session = Begin(boot, answers);
        script(session);
        session.End();
        return session.Machine.Simulator.Fingerprint;
    }

    public LiveSession Begin(BootSession boot, Answers? answers = null, IReadOnlyList<SessionDisk>? disks = null, IOutsideDiskUsers? users = null) =>
        new(boot, answers ?? new Answers(), disks ?? [], users, RecordingWriter.Create(File), new DateTimeOffset(2024, 2, 29, 12, 30, 15, TimeSpan.Zero), "serve");

    public ReplayOutcome Replay(EngineOptions? engine = null)
    {
        using var replay = SessionReplay.Open(File, engine);
        return replay.Run(VirtualTime.Never, null, CancellationToken.None);
    }

    /// <summary>The recording's lines, a character for a byte; what stands in blocks is cut at its line feeds, too.</summary>
    public string[] Lines() => System.IO.File.ReadAllText(File, Encoding.Latin1).Split('\n')[..^1];

    /// <summary>The recording with one line changed; the first is 1, the last -1.</summary>
    public void Edit(int line, Func<string, string> edit)
    {
        var lines = Lines();
        var index = line > 0 ? line - 1 : lines.Length + line;
        lines[index] = edit(lines[index]);
        System.IO.File.WriteAllText(File, string.Join('\n', lines) + "\n", Encoding.Latin1);
    }

    public static void Ask(LiveSession session, int client, XsWireType type, string text, uint txId = 0) =>
        session.Request(client, type, 1, txId, Encoding.Latin1.GetBytes(text.Replace('|', '\0')));

    public void Dispose()
    {
        _rig.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>What the clients are told, a line each.</summary>
    public sealed class Answers : IOutsideClients
    {
        public List<string> Lines { get; } = [];

        public void Reply(int client, in XsReply reply) => Lines.Add($"{client} {reply.Type} {Encoding.Latin1.GetString(reply.Payload).Replace('\0', '|')}");

        public void WatchEvent(int client, in XsWatchEvent watchEvent) => Lines.Add($"{client} {watchEvent.Path} {watchEvent.Token}");

        public void Closed(int client) => Lines.Add($"{client} closed");
    }
}
