using System.Text.Json;
using XenActors.Tests.Live.Debian;

namespace XenActors.Tests.Live.Nbd;

/// <summary>Debian's NBD programs as users of a guest's disk.</summary>
public sealed class RealProgramTests
{
    [DebianFact(DebianNeeds.Nbd)]
    public void Nbdinfo_describes_the_disk()
    {
        using var guest = new ServedGuest(64);
        using var info = JsonDocument.Parse(ServedGuest.Run("nbdinfo", "--json", guest.Uri));
        Assert.Equal(("newstyle-fixed", true), (info.RootElement.GetProperty("protocol").GetString(), info.RootElement.GetProperty("structured").GetBoolean()));
        var export = info.RootElement.GetProperty("exports")[0];
        Assert.Equal(
            ("guest/xvda", "/dev/xvda of guest (domain 1)", 64L << 20, false, true, true, true, true),
            (export.GetProperty("export-name").GetString(), export.GetProperty("description").GetString(), export.GetProperty("export-size").GetInt64(),
                export.GetProperty("is_read_only").GetBoolean(), export.GetProperty("can_flush").GetBoolean(), export.GetProperty("can_fua").GetBoolean(),
                export.GetProperty("can_multi_conn").GetBoolean(), export.GetProperty("can_zero").GetBoolean()));
        Assert.Equal(512, export.GetProperty("block_size_minimum").GetInt32());
        Assert.Contains("guest/xvda", ServedGuest.Run("nbdinfo", "--list", guest.Uri), StringComparison.Ordinal);
        guest.EndAndReplay();
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void Nbdinfo_maps_the_disk_as_data()
    {
        using var guest = new ServedGuest(64);
        using var map = JsonDocument.Parse(ServedGuest.Run("nbdinfo", "--map", "--json", guest.Uri));
        var extent = Assert.Single(map.RootElement.EnumerateArray());
        Assert.Equal((0L, 64L << 20, 0, "data"), (extent.GetProperty("offset").GetInt64(), extent.GetProperty("length").GetInt64(), extent.GetProperty("type").GetInt32(), extent.GetProperty("description").GetString()));
        Assert.Contains("base:allocation", ServedGuest.Run("nbdinfo", guest.Uri), StringComparison.Ordinal);
        guest.EndAndReplay();
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void Nbdcopy_in_and_out_brings_the_same_bytes_and_the_image_has_them()
    {
        using var guest = new ServedGuest(64);
        var random = guest.MakeRandom("random", 64 << 20, 3);
        ServedGuest.Run("nbdcopy", "--flush", random, guest.Uri);
        var back = guest.PathOf("back");
        ServedGuest.Run("nbdcopy", guest.Uri, back);
        Assert.Equal("Images are identical.\n", ServedGuest.Run("qemu-img", "compare", "-f", "raw", "-F", "raw", random, guest.Uri));
        Assert.True(Same(random, back));
        Assert.True(Same(random, guest.Image));
        guest.Host.Ended();
        Assert.InRange(new FileInfo(guest.Host.Recording).Length, 64 << 20, 96 << 20);
        guest.EndAndReplay();
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void A_file_system_that_was_written_over_nbd_is_clean()
    {
        using var guest = new ServedGuest(32);
        var tree = Directory.CreateDirectory(guest.PathOf("tree"));
        for (var i = 0; i < 50; i++) File.WriteAllBytes(Path.Combine(tree.FullName, $"file{i}"), new byte[i * 1000]);
        var ext4 = guest.PathOf("ext4");
        ServedGuest.Run("mke2fs", "-q", "-t", "ext4", "-d", tree.FullName, ext4, "32M");
        ServedGuest.Run("nbdcopy", "--flush", ext4, guest.Uri);
        ServedGuest.Run("e2fsck", "-fn", guest.Image);
        Assert.Contains("file49", ServedGuest.Run("debugfs", "-R", "ls -p /", guest.Image), StringComparison.Ordinal);
        guest.EndAndReplay();
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void Fio_verifies_what_it_has_written_at_random_in_mixed_sizes()
    {
        using var guest = new ServedGuest(64);
        var output = ServedGuest.Run(
            "fio", "--name=verify", "--ioengine=nbd", $"--uri={guest.Uri}", "--rw=randrw", "--bsrange=512-128k", "--bs_unaligned=0", "--blockalign=512", "--verify=crc32c",
            "--verify_fatal=1", "--iodepth=32", "--size=32m", "--offset=1m", "--randseed=7", "--output-format=terse");
        Assert.Equal("0", output.Split(';')[4]); // errors
        guest.EndAndReplay();
    }

    [DebianFact(DebianNeeds.Nbd)]
    public void A_copy_that_is_killed_on_the_way_leaves_the_disk_to_others()
    {
        using var guest = new ServedGuest(64);
        var random = guest.MakeRandom("random", 64 << 20, 4);
        using (var client = guest.Attach())
        {
            for (var round = 0; round < 3; round++)
            {
                using var copy = ServedGuest.Start("nbdcopy", random, guest.Uri);
                while (client.Read(4 << 20, 512).All(b => b == 0) && !copy.HasExited)
                {
                }

                copy.Kill();
                copy.WaitForExit();
                client.Write(4 << 20, new byte[512]);
            }
        }

        ServedGuest.Run("nbdcopy", "--flush", random, guest.Uri);
        Assert.True(Same(random, guest.Image));
        guest.EndAndReplay();
    }

    private static bool Same(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));
}
