using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Cluster;

/// <summary>
/// The checkpoints of one run, each a directory of two files: <c>parts</c>, one part after the other, and <c>manifest</c>, which has the length and the
/// hash of each part and of itself. A checkpoint is written under another name, reaches the disk, and only then gets its own: what a
/// torn write has left is none, and what a disk has damaged later is known by its hashes.
/// </summary>
public sealed partial class CheckpointDirectory(string directory)
{
    private const string Prefix = "at-";
    private const string Unfinished = ".unfinished-";
    private const string Version = "xenactors checkpoint 1";

    // One to continue from, and one before it in case that is damaged.
    private const int Kept = 2;

    public string Path => directory;

    /// <exception cref="IOException">The disk is full, or not to be written: the checkpoints before are untouched.</exception>
    public void Write(Checkpoint checkpoint)
    {
        var final = System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{checkpoint.Now.Nanoseconds:d19}"));
        var unfinished = System.IO.Path.Combine(directory, Unfinished + System.IO.Path.GetFileName(final));
        Directory.CreateDirectory(directory);
        Remove(unfinished);
        Directory.CreateDirectory(unfinished);
        try
        {
            var manifest = new StringBuilder();
            manifest.Append(CultureInfo.InvariantCulture, $"{Version}\nnow {checkpoint.Now.Nanoseconds}\nabout {checkpoint.About}\n");
            using (var parts = Create(unfinished, "parts"))
            {
                foreach (var part in checkpoint.Parts)
                {
                    parts.Write(part.Bytes);
                    manifest.Append(CultureInfo.InvariantCulture, $"part {Hash(part.Bytes)} {part.Bytes.Length} {part.Name}\n");
                }

                parts.Flush(flushToDisk: true);
            }

            using (var last = Create(unfinished, "manifest"))
            {
                last.Write(Encoding.UTF8.GetBytes($"{manifest}end {Hash(Encoding.UTF8.GetBytes(manifest.ToString()))}\n"));
                last.Flush(flushToDisk: true);
            }

            Sync(unfinished);
            Remove(final);
            Directory.Move(unfinished, final);
            Sync(directory);
        }
        catch
        {
            Remove(unfinished);
            throw;
        }

        foreach (var old in All().Skip(Kept))
        {
            Remove(old);
        }
    }

    /// <summary>The last one that is whole; null when there is none.</summary>
    /// <param name="tell">Hears of those that are damaged.</param>
    public Checkpoint? Latest(Action<string> tell)
    {
        foreach (var one in All())
        {
            try
            {
                return Read(one);
            }
            catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                tell($"{one}: not used: {cause.Message}");
            }
        }

        return null;
    }

    // The newest first; their names sort as their times do.
    private IEnumerable<string> All() => Directory.Exists(directory)
        ? Directory.EnumerateDirectories(directory, Prefix + "*").OrderDescending(StringComparer.Ordinal).ToList()
        : [];

    private static Checkpoint Read(string checkpoint)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(checkpoint, "manifest"));
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.LastIndexOf("end ", StringComparison.Ordinal);
        if (end < 0 || text[end..] != $"end {Hash(Encoding.UTF8.GetBytes(text[..end]))}\n")
        {
            throw new InvalidDataException("its manifest is damaged");
        }

        var lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 3 || lines[0] != Version)
        {
            throw new InvalidDataException($"its manifest is of another kind than '{Version}'");
        }

        using var content = File.OpenRead(System.IO.Path.Combine(checkpoint, "parts"));
        var parts = new List<SnapshotPart>();
        foreach (var line in lines.Skip(3))
        {
            var words = line.Split(' ', 4);
            var part = new byte[int.Parse(words[2], CultureInfo.InvariantCulture)];
            if (content.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length || Hash(part) != words[1])
            {
                throw new InvalidDataException($"its part {words[3]} is damaged");
            }

            parts.Add(new(words[3], part));
        }

        return new(new(long.Parse(lines[1]["now ".Length..], CultureInfo.InvariantCulture)), lines[2]["about ".Length..], parts);
    }

    private static FileStream Create(string checkpoint, string file) => new(System.IO.Path.Combine(checkpoint, file), FileMode.CreateNew, FileAccess.Write);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Remove(string one)
    {
        if (Directory.Exists(one))
        {
            Directory.Delete(one, recursive: true);
        }
    }

    // A directory's entries reach the disk by fsync of the directory, which .NET has no word for.
    private static void Sync(string path)
    {
        var handle = Open(path, 0);
        if (handle >= 0)
        {
            _ = FSync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
