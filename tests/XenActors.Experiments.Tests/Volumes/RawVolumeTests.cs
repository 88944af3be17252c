using System.Runtime.InteropServices;
using XenActors.Experiments.Volumes;

namespace XenActors.Tests.Experiments.Volumes;

public sealed class RawVolumeTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("xenactors-volumes-");

    public void Dispose() => _directory.Delete(true);

    [Fact]
    public void What_is_discarded_reads_as_zeroes_and_takes_no_room_where_the_file_system_can()
    {
        const int Size = 8 << 20;
        var image = Path.Combine(_directory.FullName, "disk.img");
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(image, bytes);
        var before = Blocks(image);
        using (var volumes = new HostVolumes())
        {
            volumes.Open("/d", image, readOnly: false);
            var id = volumes.Find("/d")!.Id;
            Assert.True(volumes.Discard(id, 1 << 20, 6 << 20));
            Assert.True(volumes.Discard(id, 512, 1024)); // less than any file system's block
            Assert.True(volumes.Discard(id, Size, 0));
            Assert.False(volumes.Discard(id, Size - 512, 1024));
            Assert.False(volumes.Discard(id, ulong.MaxValue - 511, 1024));
            var read = new byte[Size];
            Assert.True(volumes.Read(id, 0, read));
            bytes.AsSpan(1 << 20, 6 << 20).Clear();
            bytes.AsSpan(512, 1024).Clear();
            Assert.True(read.AsSpan().SequenceEqual(bytes));
        }

        Assert.True(File.ReadAllBytes(image).AsSpan().SequenceEqual(bytes));
        if (CanHaveHoles()) Assert.InRange(Blocks(image), 0, before - (5 << 20) / 512);
    }

    [Fact]
    public void A_volume_that_may_only_be_read_keeps_its_bytes()
    {
        var image = Path.Combine(_directory.FullName, "disk.img");
        File.WriteAllBytes(image, [.. Enumerable.Repeat((byte)5, 4096)]);
        using var volumes = new HostVolumes();
        volumes.Open("/d", image, readOnly: true);
        var info = volumes.Find("/d")!;
        Assert.True(info.ReadOnly);
        Assert.False(volumes.Write(info.Id, 0, new byte[512]));
        Assert.False(volumes.Discard(info.Id, 0, 512));
        Assert.True(volumes.Flush(info.Id));
        Assert.DoesNotContain(File.ReadAllBytes(image), b => b != 5);
    }

    // In sectors of 512 bytes.
    private static long Blocks(string path)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        return long.Parse(process.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private bool CanHaveHoles()
    {
        var path = Path.Combine(_directory.FullName, "hole");
        using var file = new FileStream(path, FileMode.Create);
        file.Write(new byte[1 << 20]);
        file.Flush(true);
        return fallocate(file.SafeFileHandle, 3, 0, 1 << 20) == 0;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fallocate(Microsoft.Win32.SafeHandles.SafeFileHandle fd, int mode, long offset, long length);
}
