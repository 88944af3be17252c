namespace XenActors.Experiments.Volumes;

/// <summary>A sparse file without a name: however the process ends, nothing is left behind.</summary>
internal static class ScratchFile
{
    /// <param name="path">What it is for, when it cannot be made.</param>
    /// <exception cref="UserErrorException">It cannot be made.</exception>
    public static FileStream Create(string path, long bytes)
    {
        var name = Path.Combine(Path.GetTempPath(), $"xenactors-{Guid.NewGuid():n}.img");
        try
        {
            var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            File.Delete(name);
            file.SetLength(bytes);
            return file;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: no sparse file can be made for it at {name}: {cause.Message}", cause);
        }
    }
}
