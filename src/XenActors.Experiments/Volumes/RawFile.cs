using System.Globalization;

namespace XenActors.Experiments.Volumes;

/// <summary>A raw image, or a block device.</summary>
internal sealed class RawFile(string image, FileStream file, bool readOnly) : IVolumeFile
{
    private bool _holes = true;

    public ulong Sectors { get; } = SectorsOf(image, file);

    public bool ReadOnly => readOnly;

    /// <exception cref="UserErrorException">The image cannot be opened or read.</exception>
    public static RawFile Open(string image, bool readOnly)
    {
        FileStream file;
        try
        {
            if (Directory.Exists(image))
            {
                throw new UserErrorException($"{image}: is a directory, not a disk image");
            }

            RefusePipe(image);
            file = new FileStream(image, FileMode.Open, readOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        }
        catch (FileNotFoundException)
        {
            throw new UserErrorException($"{image}: no such disk image");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{image}: cannot be opened: {cause.Message}", cause);
        }

        if (!file.CanSeek)
        {
            file.Dispose();
            throw new UserErrorException($"{image}: cannot seek, so it is not a disk image");
        }

        return new(image, file, readOnly);
    }

    public bool Read(ulong offset, Span<byte> data)
    {
        try
        {
            var read = RandomAccess.Read(file.SafeFileHandle, data, (long)offset);
            data[read..].Clear();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool Write(ulong offset, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, data, (long)offset);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool Flush()
    {
        try
        {
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Zeroes where there can be no holes, so that what is read next is the same on every file system.
    public bool Discard(ulong offset, ulong length)
    {
        _holes = _holes && FileHoles.Punch(file.SafeFileHandle, offset, length);
        try
        {
            if (!_holes)
            {
                FileHoles.Fill(file.SafeFileHandle, offset, length);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => file.Dispose();

    // A pipe has length 0, and opening one only to read waits for a writer. Opening it for both does not wait.
    private static void RefusePipe(string image)
    {
        if (!File.Exists(image) || new FileInfo(image).Length > 0 || image.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            using var both = new FileStream(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
            if (both.CanSeek)
            {
                return;
            }
        }
        catch (UnauthorizedAccessException)
        {
            // It cannot be told from a pipe, and nothing is lost: it is empty.
            throw new UserErrorException($"{image}: is empty or a pipe, not a disk image");
        }

        throw new UserErrorException($"{image}: cannot seek, so it is not a disk image");
    }

    // A block device has no length of its own: the kernel tells it elsewhere, in sectors of 512 bytes.
    private static ulong SectorsOf(string image, FileStream file)
    {
        var size = $"/sys/class/block/{Path.GetFileName(image)}/size";
        return file.Length == 0 && image.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(size)
            ? ulong.Parse(File.ReadAllText(size), CultureInfo.InvariantCulture)
            : (ulong)(file.Length / 512);
    }
}
