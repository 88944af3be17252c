using XenActors.Experiments;
using XenActors.Experiments.Volumes;
using XenActors.Machine.Disks;
using XenActors.Tests.Live.Debian;

namespace XenActors.Tests.Live.Nbd;

/// <summary>Images in QEMU's formats as volumes, through qemu-nbd.</summary>
public sealed class QemuImageTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("qcow2");

    public void Dispose() => directory.Delete(true);

    [DebianTheory(DebianNeeds.Nbd)]
    [InlineData("qcow2")]
    [InlineData("vpc")]
    public void A_volume_is_read_written_discarded_and_closed(string format)
    {
        var image = Make(format, 16);
        var data = new byte[3 << 20];
        new Random(5).NextBytes(data);
        using (var volumes = new HostVolumes())
        {
            volumes.Open("/d", image, readOnly: false, format);
            var info = volumes.Find("/d")!;
            Assert.InRange(info.Sectors, 32768UL, 32768UL + 200); // vpc has whole cylinders
            Assert.False(info.ReadOnly);
            Assert.True(volumes.Write(info.Id, 1 << 20, data));
            Assert.True(volumes.Flush(info.Id));
            var back = new byte[data.Length];
            Assert.True(volumes.Read(info.Id, 1 << 20, back));
            Assert.True(back.AsSpan().SequenceEqual(data));
            Assert.True(volumes.Discard(info.Id, 2 << 20, 1 << 20));
            data.AsSpan(1 << 20, 1 << 20).Clear();
            Assert.True(volumes.Read(info.Id, 1 << 20, back));
            Assert.True(back.AsSpan().SequenceEqual(data));
            Assert.False(volumes.Write(info.Id, info.Sectors * 512, new byte[512]));
        }

        Assert.Empty(Servers(image));
        var raw = Path.Combine(directory.FullName, "raw");
        ServedGuest.Run("qemu-img", "convert", "-f", format, "-O", "raw", image, raw);
        Assert.True(File.ReadAllBytes(raw).AsSpan(1 << 20, data.Length).SequenceEqual(data));
        if (format == "qcow2") Assert.Contains("No errors were found", ServedGuest.Run("qemu-img", "check", image), StringComparison.Ordinal);
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void A_volume_that_may_only_be_read_is()
    {
        var image = Make("qcow2", 4);
        var before = File.ReadAllBytes(image);
        using (var volumes = new HostVolumes())
        {
            volumes.Open("/d", image, readOnly: true, "qcow2");
            var info = volumes.Find("/d")!;
            Assert.True(info.ReadOnly);
            Assert.False(volumes.Write(info.Id, 0, new byte[512]));
            Assert.False(volumes.Discard(info.Id, 0, 512));
            Assert.True(volumes.Read(info.Id, 0, new byte[512]));
        }

        Assert.Equal(before, File.ReadAllBytes(image));
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void When_qemu_nbd_dies_the_disk_has_medium_errors()
    {
        var image = Make("qcow2", 4);
        using var volumes = new HostVolumes();
        volumes.Open("/d", image, readOnly: false, "qcow2");
        var id = volumes.Find("/d")!.Id;
        Assert.True(volumes.Write(id, 0, new byte[512]));
        var server = Assert.Single(Servers(image));
        using (var process = System.Diagnostics.Process.GetProcessById(server))
        {
            process.Kill();
        }

        while (volumes.Read(id, 0, new byte[512]))
        {
        }

        Assert.False(volumes.Write(id, 0, new byte[512]));
        Assert.False(volumes.Flush(id));
        Assert.False(volumes.Discard(id, 0, 512));
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void What_is_no_such_image_is_told_in_one_line()
    {
        var file = Path.Combine(directory.FullName, "raw");
        File.WriteAllBytes(file, new byte[4096]);
        using var volumes = new HostVolumes();
        Assert.Matches($"^{file}: qemu-nbd does not open it: .*Image is not in qcow2 format$", Assert.Throws<UserErrorException>(() => volumes.Open("/d", file, true, "qcow2")).Message);
        Assert.Equal($"{file}x: no such disk image", Assert.Throws<UserErrorException>(() => volumes.Open("/d", file + "x", true, "qcow2")).Message);
        Assert.Null(volumes.Find("/d"));
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void An_image_that_is_in_use_is_told_in_one_line()
    {
        var image = Make("qcow2", 4);
        using var volumes = new HostVolumes();
        volumes.Open("/d", image, readOnly: false, "qcow2");
        Assert.Matches($"^{image}: qemu-nbd does not open it: .*lock.*$", Assert.Throws<UserErrorException>(() => volumes.Open("/e", image, false, "qcow2")).Message);
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void A_guests_qcow2_disk_takes_what_nbdcopy_writes()
    {
        var image = Make("qcow2", 24);
        var random = Path.Combine(directory.FullName, "random");
        using (var guest = new ServedGuest(0, "/dev/vg/disk,qcow2,xvda,w", image: image))
        {
            var bytes = new byte[24 << 20];
            new Random(6).NextBytes(bytes);
            File.WriteAllBytes(random, bytes);
            ServedGuest.Run("nbdcopy", "--flush", random, guest.Uri);
            guest.EndAndReplay();
        }

        Assert.Empty(Servers(image));
        Assert.Equal("Images are identical.\n", ServedGuest.Run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", random, image));
        Assert.Contains("No errors were found", ServedGuest.Run("qemu-img", "check", image), StringComparison.Ordinal);
    }

    private string Make(string format, int mebibytes)
    {
        var image = Path.Combine(directory.FullName, $"disk.{format}");
        ServedGuest.Run("qemu-img", "create", "-q", "-f", format, image, $"{mebibytes}M");
        return image;
    }

    // The processes that serve an image.
    private static List<int> Servers(string image)
    {
        var found = new List<int>();
        foreach (var process in Directory.GetDirectories("/proc").Select(Path.GetFileName))
        {
            if (!int.TryParse(process, out var number)) continue;
            try
            {
                if (File.ReadAllText($"/proc/{number}/cmdline") is var line && line.StartsWith("qemu-nbd", StringComparison.Ordinal) && line.Contains(image, StringComparison.Ordinal)) found.Add(number);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return found;
    }
}
