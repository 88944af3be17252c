using System.Buffers.Text;
using System.Globalization;
using System.Text;
using XenActors.Guest;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>Reads what <see cref="RecordingHeader.Write"/> wrote.</summary>
internal static class RecordingHeaderReader
{
    private const ulong SectorsMax = long.MaxValue / 512;

    /// <exception cref="UserErrorException">The file is no recording, or is damaged: file, line, column.</exception>
    public static RecordingHeader Read(RecordingReader from)
    {
        ReadMagic(from);
        var header = ReadWhole(from, out var line);
        var configs = new List<(string, string)>();
        var volumes = new List<RecordedVolume>();
        var disks = new List<SessionDisk>();
        for (; ; line = Required(from))
        {
            var keyword = line.Word("begin");
            if (keyword.SequenceEqual("cmdline"u8))
            {
                header = header with { CommandLine = Encoding.UTF8.GetString(line.Bytes("a command line")) };
            }
            else if (keyword.SequenceEqual("paused"u8))
            {
                header = header with { Paused = true };
            }
            else if (keyword.SequenceEqual("config"u8))
            {
                configs.Add((line.Name("a file's name"), Encoding.UTF8.GetString(line.Bytes("a file's text"))));
            }
            else if (keyword.SequenceEqual("volume"u8))
            {
                volumes.Add(ReadVolume(ref line, new(volumes.Count + 1)));
            }
            else if (keyword.SequenceEqual("disk"u8))
            {
                disks.Add(new((int)line.Number("a guest", 0, configs.Count - 1), line.Name("a device")));
            }
            else if (keyword.SequenceEqual("begin"u8))
            {
                line.End();
                return header with { Configs = configs, Volumes = volumes, Disks = disks };
            }
            else
            {
                throw line.Wrong("cmdline, paused, config, volume, disk or begin");
            }

            line.End();
        }
    }

    private static void ReadMagic(RecordingReader from)
    {
        if (!from.Next(out var line))
        {
            throw new UserErrorException($"{from.Path}:1:1: expected {RecordingHeader.Magic}{RecordingHeader.Version} but found {(from.Torn ? "something else" : "an empty file")}");
        }

        line.Expect("xenactors"u8);
        line.Expect("recording"u8);
        line.Number("a recording's version", RecordingHeader.Version, RecordingHeader.Version);
        line.End();
    }

    private static RecordingHeader ReadWhole(RecordingReader from, out RecordingLine line)
    {
        line = Keyword(from, "build"u8);
        line.Word("a version");
        var build = Encoding.ASCII.GetString(line.Word("a build"));
        line.End();
        line = Keyword(from, "started"u8);
        var started = Encoding.ASCII.GetString(line.Word("a date"));
        line.End();
        line = Keyword(from, "command"u8);
        var arguments = Encoding.UTF8.GetString(line.Bytes("a command"));
        line = Keyword(from, "seed"u8);
        var seed = line.Unsigned("a seed", ulong.MaxValue);
        line.End();
        line = Keyword(from, "host"u8);
        var host = Decoded<HostProfile>(ref line, "host");
        line = Keyword(from, "kernel"u8);
        var kernel = Decoded<KernelProfile>(ref line, "kernel");
        line = Required(from);
        return new RecordingHeader { Build = build, Started = started, Arguments = arguments, Seed = seed, Host = host, Kernel = kernel };
    }

    private static T Decoded<T>(ref RecordingLine line, string kind)
        where T : ICodec<T>
    {
        line.Name($"a {kind}'s name");
        if (line.Hash("a schema").ToString("x16", CultureInfo.InvariantCulture) != RecordingHeader.Schema<T>())
        {
            throw line.Mistake($"another version of xenactors recorded this: its {kind} profiles are different; replay it with that version");
        }

        var text = line.Word($"a {kind} profile in base64");
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out var length) != System.Buffers.OperationStatus.Done)
        {
            throw line.Wrong($"a {kind} profile in base64");
        }

        try
        {
            var value = CodecOf.Decode<T>(bytes.AsSpan(0, length));
            line.End();
            return value;
        }
        catch (CodecException cause)
        {
            throw line.Mistake($"expected a {kind} profile in base64 but its bytes are damaged: {cause.Message}");
        }
    }

    private static RecordedVolume ReadVolume(ref RecordingLine line, VolumeId id)
    {
        var path = line.Name("a path");
        var sectors = line.Unsigned("sectors", SectorsMax);
        var block = OneOf(ref line, "block"u8, "file"u8);
        var device = line.Name("a device number");
        var readOnly = OneOf(ref line, "ro"u8, "rw"u8);
        var discard = (uint)line.Number("bytes", 0, uint.MaxValue);
        var barrier = OneOf(ref line, "barrier"u8, "no-barrier"u8);
        OneOf(ref line, "made"u8, "image"u8);
        return new(path, new VolumeInfo(sectors, block, device, readOnly, discard, barrier) { Id = id }, Encoding.UTF8.GetString(line.Bytes("an image's path")));
    }

    private static bool OneOf(ref RecordingLine line, ReadOnlySpan<byte> yes, ReadOnlySpan<byte> no)
    {
        var word = line.Word($"{Encoding.ASCII.GetString(yes)} or {Encoding.ASCII.GetString(no)}");
        return word.SequenceEqual(yes) || (word.SequenceEqual(no) ? false : throw line.Wrong($"{Encoding.ASCII.GetString(yes)} or {Encoding.ASCII.GetString(no)}"));
    }

    private static RecordingLine Keyword(RecordingReader from, ReadOnlySpan<byte> keyword)
    {
        var line = Required(from);
        line.Expect(keyword);
        return line;
    }

    private static RecordingLine Required(RecordingReader from) =>
        from.Next(out var line) ? line : throw new UserErrorException($"{from.Path}: the recording ends before its header does");
}
