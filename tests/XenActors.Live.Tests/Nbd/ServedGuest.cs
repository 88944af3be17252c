using System.Buffers.Binary;
using System.Diagnostics;
using XenActors.Experiments.Boot;
using XenActors.Live.Hosts;
using XenActors.Live.Nbd;
using XenActors.Tests.Live.Debian;
using XenActors.Tests.Live.Hosts;

namespace XenActors.Tests.Live.Nbd;

/// <summary>A host with one guest whose disk, an image of this test, is served over NBD, as fast as can be, and recorded.</summary>
internal sealed class ServedGuest : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("nbd");
    private RunningHost? host;

    public ServedGuest(int mebibytes, string disk = "phy:/dev/vg/disk,xvda,w", string device = "xvda", string? image = null, string kernel = "debian12-6.1", double speed = double.PositiveInfinity)
    {
        Image = image ?? MakeImage("disk.img", mebibytes);
        Address = NbdAddress.OfPath(PathOf("nbd"));
        var config = PathOf("guest.cfg");
        File.WriteAllText(config, $"builder = 'hvm'\nname = 'guest'\nmemory = 256\ndisk = ['{disk}']\nxen_platform_pci = 1\n");
        host = RunningHost.Start(
            new BootOptions { Configs = [config], Kernel = kernel, Volumes = [("/dev/vg/disk", Image)] },
            new HostServerOptions { Socket = "", Speed = speed, Exports = [new NbdExportOption("guest", device, Address)] });
    }

    public string Image { get; }

    public NbdAddress Address { get; }

    public string Uri => Address.Uri;

    public RunningHost Host => host!;

    /// <summary>A file's path in this test's directory.</summary>
    public string PathOf(string name) => Path.Combine(directory.FullName, name);

    /// <summary>A sparse image with one partition.</summary>
    public string MakeImage(string name, int mebibytes)
    {
        var sector = new byte[512];
        sector[446 + 4] = 0x83;
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(446 + 8), 2048);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(446 + 12), (uint)(mebibytes - 1) * 2048);
        (sector[510], sector[511]) = (0x55, 0xAA);
        using var file = File.Create(PathOf(name));
        file.Write(sector);
        file.SetLength((long)mebibytes << 20);
        return file.Name;
    }

    /// <summary>A file of bytes by chance.</summary>
    public string MakeRandom(string name, long bytes, int seed)
    {
        var random = new Random(seed);
        var block = new byte[1 << 20];
        using var file = File.Create(PathOf(name));
        for (var left = bytes; left > 0; left -= block.Length)
        {
            random.NextBytes(block);
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }

        return file.Name;
    }

    /// <summary>A client in the transmission phase; the first one waits until the guest has booted.</summary>
    public NbdClientSocket Attach()
    {
        var client = new NbdClientSocket(Address);
        client.Go(structured: true);
        return client;
    }

    /// <summary>Runs a program to its end, and expects it to succeed; what it said on both streams.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = Try(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{output}");
        return output;
    }

    public static (int Code, string Output) Try(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(DebianPrograms.Get(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Ends the session; the image is closed, and the recording leads to the same fingerprint.</summary>
    public void EndAndReplay() => Host.Replays();

    public void Dispose()
    {
        host?.Dispose();
        host = null;
        directory.Delete(true);
    }
}
