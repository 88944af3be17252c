using System.Buffers;
using System.Globalization;
using System.Text;
using XenActors.Experiments.Profiles;
using XenActors.Experiments.Volumes;
using XenActors.Guest;
using XenActors.Hocon;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Boot;

/// <summary>
/// A boot that is ready to run: files read and checked, volumes open. Everything that the user can have got wrong is told here, before
/// virtual time begins; what was made for the run goes with <see cref="Dispose"/>.
/// </summary>
public sealed class BootSession : IDisposable
{
    /// <summary>16 TiB: what a domain of Xen can have at most.</summary>
    private const long MemoryMibMax = 16L << 20;

    /// <summary>HVM_MAX_VCPUS and more: what a PV guest can have.</summary>
    private const long VcpusMax = 512;

    /// <summary>Far more than any configuration file; a device may have no end.</summary>
    private const int FileMax = 16 << 20;

    private readonly List<GuestOrder> _orders = [];
    private readonly List<DomainConfig> _configs = [];
    private readonly List<string> _warnings = [];

    private BootSession(BootOptions options, HostProfile host, KernelProfile kernel)
    {
        Options = options;
        Host = host;
        Kernel = kernel;
    }

    public BootOptions Options { get; }

    public HostProfile Host { get; }

    public KernelProfile Kernel { get; }

    public HostVolumes Volumes { get; } = new();

    public IReadOnlyList<GuestOrder> Orders => _orders;

    /// <summary>The guests' configuration files, in the same order.</summary>
    public IReadOnlyList<DomainConfig> Configs => _configs;

    /// <summary>xl's notes and warnings about the configuration files, and ours.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <exception cref="UserErrorException">One line: what, where, what was expected.</exception>
    public static BootSession Prepare(BootOptions options)
    {
        var kernel = ProfileFiles.Kernel(options);
        var session = new BootSession(options, ProfileFiles.Host(options), kernel);
        try
        {
            foreach (var file in options.Configs)
            {
                session._configs.Add(session.Read(file));
            }

            session.OpenVolumes(session._configs);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A session from texts and profiles that are at hand; its volumes stay closed.</summary>
    /// <exception cref="UserErrorException">A text is no configuration file.</exception>
    internal static BootSession Recreate(BootOptions options, HostProfile host, KernelProfile kernel)
    {
        var session = new BootSession(options, host, kernel);
        foreach (var file in options.Configs)
        {
            session._configs.Add(session.Read(file));
        }

        return session;
    }

    /// <summary>The host, with programs outside as clients of its xenstored and users of its guests' disks, and its guests, at virtual time zero.</summary>
    public XenMachine Build(ulong seed, EngineOptions engine, IVolumes volumes, OutsidePrograms outside) =>
        XenMachine.Build(Host, _orders, volumes, seed, engine, outside);

    /// <summary>The host with its guests, at virtual time zero.</summary>
    public XenMachine Build(ulong seed, EngineOptions engine) => XenMachine.Build(Host, _orders, Volumes, seed, engine);

    public void Dispose() => Volumes.Dispose();

    private DomainConfig Read(string file)
    {
        var text = Options.Texts.FirstOrDefault(t => t.Name == file).Text ?? ReadFile(file);
        var result = DomainConfigParser.Parse(text, file);
        foreach (var diagnostic in result.Diagnostics)
        {
            if (diagnostic.Severity == DiagnosticSeverity.Error)
            {
                // Once more for the message, with the bytes that are not UTF-8 as they are.
                var located = text.Contains('\uFFFD', StringComparison.Ordinal) && Options.Texts.All(t => t.Name != file) && ReadBytes(file) is { } bytes
                    ? DomainConfigParser.Parse(bytes, file).Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.Located
                    : null;
                throw new UserErrorException(located ?? diagnostic.Located);
            }

            _warnings.Add(diagnostic.Text);
        }

        if (result.Config is not { } config || result.ExitCode != 0)
        {
            throw new UserErrorException($"{file}: xl refuses this file with exit code {result.ExitCode}");
        }

        CheckSizes(config);
        if (_configs.Exists(o => o.Name == config.Name))
        {
            throw new UserErrorException($"{file}{At(config.File.Find("name")?.Value.Position)}: Domain with name \"{config.Name}\" already exists.");
        }

        var number = _orders.Count;
        var random = new RandomStream(Options.Seed, $"uuid of guest {number}");
        _orders.Add(new GuestOrder(
            text, file, Kernel, Options.CommandLine ?? "", (int)config.VcpusOnline, config.Uuid ?? Uuid(ref random)) { Paused = Options.Paused });
        return config;
    }

    // Sizes in MiB that no machine has, and that no arithmetic should meet.
    private static void CheckSizes(DomainConfig config)
    {
        foreach (var (key, value) in ((string, long?)[])[("memory", config.Memory), ("maxmem", config.MaxMem), ("videoram", config.VideoRam)])
        {
            if (value is < 0 or > MemoryMibMax)
            {
                throw new UserErrorException($"{config.File.FileName}{At(config.File.Find(key)?.Value.Position)}: expected 0 to {MemoryMibMax} MiB for {key} but found {value}");
            }
        }

        if (config.VcpusMax > VcpusMax)
        {
            throw new UserErrorException($"{config.File.FileName}{At(config.File.Find("maxvcpus")?.Value.Position ?? config.File.Find("vcpus")?.Value.Position)}: expected at most {VcpusMax} vcpus but found {config.VcpusMax}");
        }
    }

    private void OpenVolumes(List<DomainConfig> configs)
    {
        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, image) in Options.Volumes)
        {
            if (!images.TryAdd(path, image))
            {
                throw new UserErrorException($"--volume {path}: given twice, as {images[path]} and as {image}");
            }
        }

        var named = new List<string>();
        foreach (var config in configs)
        {
            var devices = new List<uint>();
            for (var i = 0; i < config.Disks.Count; i++)
            {
                var disk = config.Disks[i];
                CheckDisk(disk, devices, Where(config, i));
                if (disk.PdevPath is not { Length: > 0 } path || named.Contains(path))
                {
                    continue;
                }

                named.Add(path);
                OpenVolume(disk, path, images.GetValueOrDefault(path), Where(config, i));
            }
        }

        foreach (var (path, option) in images.Keys.Select(p => (p, "--volume")).Concat(Options.Disks.Select(d => (d.Path, "disk"))))
        {
            if (!named.Contains(path))
            {
                throw new UserErrorException($"{option} {path}: no disk of {string.Join(", ", Options.Configs)} has this path; they have {(named.Count == 0 ? "none" : string.Join(", ", named))}");
            }
        }
    }

    // What xl would find out only while it creates the domain.
    private static void CheckDisk(DiskSpec disk, List<uint> devices, string where)
    {
        if (!VirtualDevice.TryParse(disk.Vdev, out var device))
        {
            throw new UserErrorException($"{where}: {VirtualDevice.Invalid(disk.Vdev)}");
        }

        if (devices.Contains(device.Number))
        {
            throw new UserErrorException($"{where}: {disk.Vdev} is already the name of another disk of this domain");
        }

        devices.Add(device.Number);
    }

    // As libxl__qemu_disk_format_string tells QEMU.
    private static string QemuFormat(DiskFormat format) => format switch
    {
        DiskFormat.Qcow => "qcow",
        DiskFormat.Qcow2 => "qcow2",
        DiskFormat.Vhd => "vpc",
        DiskFormat.Qed => "qed",
        _ => "raw",
    };

    private void OpenVolume(DiskSpec disk, string path, string? image, string where)
    {
        // This machine's devices are never touched unasked.
        var layout = Options.Disks.FirstOrDefault(d => d.Path == path).Layout;
        var file = image ?? (layout is null && File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal) ? path : null);
        if (file is not null)
        {
            // A file of this machine that was not handed over by --volume is only read.
            try
            {
                Volumes.Open(path, file, readOnly: image is null || !disk.ReadWrite, QemuFormat(disk.Format));
            }
            catch (UserErrorException mistake)
            {
                throw new UserErrorException($"{where}: {mistake.Message}", mistake);
            }
        }
        else if (disk.IsCdrom)
        {
            Volumes.MakeCdrom(path, Host.Volumes);
        }
        else
        {
            Volumes.MakeDisk(path, layout ?? Host.Volumes);
        }

        if (!disk.IsCdrom && VolumeCheck.Problem(Volumes, path, file ?? path) is { } problem)
        {
            throw new UserErrorException($"{where}: {problem}");
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            if (file.Length == 0)
            {
                throw new UserErrorException("expected a configuration file but found an empty name");
            }

            if (Directory.Exists(file))
            {
                throw new UserErrorException($"{file}: is a directory, not a configuration file");
            }

            using var stream = File.OpenRead(file);
            using var reader = new StreamReader(stream);
            var text = new StringBuilder();
            var block = new char[16384];
            while (reader.Read(block) is > 0 and var length)
            {
                if (text.Append(block, 0, length).Length > FileMax)
                {
                    throw new UserErrorException($"{file}: too large for a configuration file: more than {FileMax >> 20} MiB");
                }
            }

            return text.ToString();
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{file}: no such file", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }

    // A byte that is not UTF-8 becomes half a surrogate pair, U+DC00 and the byte, which no valid text has.
    private static string? ReadBytes(string file)
    {
        // A pipe can be read only once.
        if (!File.Exists(file) || new FileInfo(file).Length is 0 or > FileMax)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                length = 1;
                text.Append((char)(0xDC00 + bytes[0]));
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static string Where(DomainConfig config, int disk)
    {
        var value = config.File.Find("disk")?.Value;
        return config.File.FileName + At(value is XlList list && disk < list.Items.Count ? list.Items[disk].Position : value?.Position);
    }

    private static string At(object? position) => position is null ? "" : $":{position}";

    // Version 4, from the run's own seed: the same run has the same identifiers.
    private static string Uuid(ref RandomStream random)
    {
        var high = random.NextBits();
        var low = random.NextBits();
        var hex = string.Create(
            CultureInfo.InvariantCulture, $"{(high & 0xFFFFFFFFFFFF0FFF) | 0x4000:x16}{(low & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000:x16}");
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}
