using System.Buffers.Binary;
using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>Boots for the tests: configuration files and images in a directory of their own, which goes with the rig.</summary>
public sealed class BootRig : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("xenactors-test-").FullName;
    private readonly List<BootSession> _sessions = [];

    public static string Output => AppContext.BaseDirectory;

    public static string Example(string name) => Path.Combine(Output, "hocon", "xl", name);

    /// <summary>Lines of a recorded file.</summary>
    public static string[] Recorded(string name) => File.ReadAllLines(Path.Combine(Output, "ground-truth", name));

    public string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A sparse disk image with primary partitions, in KiB, from 1 MiB on.</summary>
    public string Disk(string name, long kib, params long[] partitions)
    {
        var path = Path.Combine(_directory, name);
        using var file = new FileStream(path, FileMode.Create);
        file.SetLength(kib * 1024);
        var sector = new byte[512];
        uint start = 2048;
        for (var i = 0; i < partitions.Length; i++)
        {
            var entry = sector.AsSpan(446 + (16 * i));
            entry[4] = 0x83;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)partitions[i] * 2);
            start += (uint)partitions[i] * 2;
        }

        sector[510] = 0x55;
        sector[511] = 0xAA;
        file.Write(sector);
        return path;
    }

    public BootSession Prepare(BootOptions options)
    {
        var session = BootSession.Prepare(options with { ProfileDirectory = Path.Combine(Output, "hocon") });
        _sessions.Add(session);
        return session;
    }

    /// <summary>The reference page's guest.</summary>
    public BootSession Page(string? commandLine = null, Func<string, string>? edit = null, string kernel = "fedora16-3.1")
    {
        var config = Example("f16pvhvm.cfg");
        if (edit is not null)
        {
            config = Write("edited.cfg", edit(File.ReadAllText(config)));
        }

        return Prepare(new BootOptions { Configs = [config], Kernel = kernel, CommandLine = commandLine });
    }

    /// <summary>The recorded Debian guest with its number, on a disk like its own.</summary>
    public BootSession Recorded(bool paused, string? more = null) => Prepare(new BootOptions
    {
        Configs = [Example("debian12.cfg")],
        Kernel = "debian12-6.1",
        Host = Write("recorded.conf", $"include file(\"{Path.Combine(Output, "hocon", "hosts", "debian12-xen-4.17.conf")}\")\nfirst-domain = 29\n"),
        CommandLine = "console=hvc0 earlyprintk=xen loglevel=9" + (more is null ? "" : " " + more),
        Volumes = [("/dev/loop0", Disk("loop0.img", 65536, 20480, 10240, 32768)), ("/g/x.iso", Disk("x.iso", 364))],
        Paused = paused,
    });

    public static XenMachine Run(BootSession session, ulong seed = 1, EngineOptions? engine = null)
    {
        var machine = session.Build(seed, engine ?? EngineOptions.Sequential);
        Assert.True(BootRun.ToTheEnd(machine, null, CancellationToken.None), "the boot did not come to an end");
        return machine;
    }

    public static GuestResult Only(XenMachine machine, BootSession session) => Assert.Single(GuestResult.Of(machine, session));

    public void Dispose()
    {
        _sessions.ForEach(s => s.Dispose());
        Directory.Delete(_directory, recursive: true);
    }
}
