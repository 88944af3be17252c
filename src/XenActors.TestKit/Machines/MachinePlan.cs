using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.TestKit.Machines;

/// <summary>What a test has asked for before its machine is built.</summary>
internal sealed class MachinePlan
{
    /// <summary>Primary partitions of a master boot record.</summary>
    private const int PartitionsMax = 4;

    private readonly List<(string Name, string? Text, bool Paused)> _guests = [];
    private readonly List<(string Path, DefaultVolumes Layout)> _disks = [];
    private readonly List<(string Path, string File)> _images = [];
    private readonly List<(string Path, DefaultVolumes Layout)> _spares = [];

    public string Kernel { get; set; } = new BootOptions { Configs = [] }.Kernel;

    public string? Host { get; set; }

    public string? CommandLine { get; set; }

    /// <summary>Its place among the guests.</summary>
    public int AddGuest(string config, bool paused) => Add($"guest{_guests.Count + 1}.cfg", config, paused);

    /// <summary>Its place among the guests.</summary>
    public int AddGuestFile(string file, bool paused) => Add(file, null, paused);

    public void AddDisk(string path, long kib, ReadOnlySpan<long> partitions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions.Length, PartitionsMax);
        Once(path);
        _disks.Add((path, new DefaultVolumes { DiskSize = kib, Partitions = [.. partitions], CdromSectors = 0 }));
    }

    public void AddSpareDisk(string path, long kib, ReadOnlySpan<long> partitions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions.Length, PartitionsMax);
        Once(path);
        _spares.Add((path, new DefaultVolumes { DiskSize = kib, Partitions = [.. partitions], CdromSectors = 0 }));
    }

    /// <summary>How many further lives each guest has.</summary>
    public int Restarts { get; set; }

    public void AddImage(string path, string file)
    {
        Once(path);
        _images.Add((path, file));
    }

    public BootSession Prepare(ulong seed)
    {
        var session = BootSession.Prepare(Options(seed));
        foreach (var (path, layout) in _spares)
        {
            session.Volumes.MakeDisk(path, layout);
        }

        return session;
    }

    private BootOptions Options(ulong seed) => new()
    {
        Configs = [.. _guests.Select(g => g.Name)],
        Texts = [.. _guests.Where(g => g.Text is not null).Select(g => (g.Name, g.Text!))],
        Kernel = Kernel,
        Host = Host,
        CommandLine = CommandLine,
        Disks = _disks,
        Volumes = _images,
        Seed = seed,
    };

    public XenMachine Build(BootSession session, ulong seed, EngineOptions engine)
    {
        var orders = session.Orders.Select((order, i) => order with { Paused = _guests[i].Paused, Restarts = Restarts });
        return XenMachine.Build(session.Host, [.. orders], session.Volumes, seed, engine);
    }

    private int Add(string name, string? text, bool paused)
    {
        _guests.Add((name, text, paused));
        return _guests.Count - 1;
    }

    private void Once(string path)
    {
        if (_disks.Exists(d => d.Path == path) || _images.Exists(i => i.Path == path))
        {
            throw new ArgumentException($"{path} has a disk already", nameof(path));
        }
    }
}
