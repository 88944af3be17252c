using System.Globalization;
using System.Text;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// What a swarm has done, line by line: <c>+ SEED</c> begun, <c>- SEED</c> ended, <c>~ SEED</c> given up because somebody wanted the end, <c>! FILE KEY</c>
/// found. Each line is with the operating system before the next thing is done, so a killed process has lost nothing that it has told.
/// </summary>
internal sealed class SwarmJournal : IDisposable
{
    public const string FileName = "swarm.journal";

    private readonly FileStream _file;
    private readonly Lock _gate = new();

    private SwarmJournal(FileStream file) => _file = file;

    /// <summary>Seeds that have ended.</summary>
    public SortedSet<ulong> Ended { get; } = [];

    /// <summary>Seeds that began more than once and never ended: the process died of them.</summary>
    public SortedSet<ulong> Deadly { get; } = [];

    /// <summary>Keys of findings, and the files that hold them.</summary>
    public SortedDictionary<string, string> Findings { get; } = new(StringComparer.Ordinal);

    /// <param name="identity">What a resumed swarm must have in common with the one that it goes on with.</param>
    /// <exception cref="UserErrorException">There is none to go on with, or it is another swarm's.</exception>
    public static SwarmJournal Open(string directory, string identity, bool resume)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (resume)
        {
            if (!File.Exists(path))
            {
                throw new UserErrorException($"--resume: there is no {path}");
            }

            var lines = File.ReadAllLines(path);
            if (lines.Length == 0 || lines[0] != identity)
            {
                throw new UserErrorException($"--resume: {path}:1:1: expected '{identity}' but found '{(lines.Length == 0 ? "" : lines[0])}': it is another swarm's");
            }

            var whole = File.ReadAllText(path).EndsWith('\n') ? lines.Length : lines.Length - 1;
            var journal = new SwarmJournal(Appending(path, whole, lines));
            if (whole == 0)
            {
                journal.Line(identity);
            }

            journal.Read(lines.AsSpan(1, Math.Max(0, whole - 1)));
            return journal;
        }

        var fresh = new SwarmJournal(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1));
        fresh.Line(identity);
        return fresh;
    }

    public void Begin(ulong seed) => Line(string.Create(CultureInfo.InvariantCulture, $"+ {seed}"));

    public void End(ulong seed) => Line(string.Create(CultureInfo.InvariantCulture, $"- {seed}"));

    /// <summary>Begun, and not to the end, for no fault of its own.</summary>
    public void GiveUp(ulong seed) => Line(string.Create(CultureInfo.InvariantCulture, $"~ {seed}"));

    public void Found(string file, string key) => Line($"! {file} {key}");

    public void Dispose() => _file.Dispose();

    // A last line that was cut short is overwritten.
    private static FileStream Appending(string path, int whole, string[] lines)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, 1);
        file.SetLength(lines.Take(whole).Sum(l => Encoding.UTF8.GetByteCount(l) + 1L));
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    private void Read(ReadOnlySpan<string> lines)
    {
        var begun = new SortedDictionary<ulong, int>();
        foreach (var line in lines)
        {
            if (line.StartsWith("! ", StringComparison.Ordinal) && line.IndexOf(' ', 2) is > 0 and var space)
            {
                Findings[line[(space + 1)..]] = line[2..space];
            }
            else if (line.Length > 2 && ulong.TryParse(line.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
            {
                switch (line[0])
                {
                    case '-':
                        Ended.Add(seed);
                        break;
                    case '~':
                        begun[seed] = begun.GetValueOrDefault(seed) - 1;
                        break;
                    default:
                        begun[seed] = begun.GetValueOrDefault(seed) + 1;
                        break;
                }
            }
        }

        foreach (var (seed, times) in begun)
        {
            if (times > 1 && !Ended.Contains(seed))
            {
                Deadly.Add(seed);
            }
        }
    }

    private void Line(string text)
    {
        lock (_gate)
        {
            _file.Write(Encoding.UTF8.GetBytes(text + "\n"));
            _file.Flush();
        }
    }
}
