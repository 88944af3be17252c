using XenActors.Experiments.Boot;
using XenActors.Experiments.Fio;
using XenActors.Guest.Block;
using XenActors.Machine;

namespace XenActors.Experiments.Compare;

/// <summary>
/// One job on the emulated and on the PV path of the same configuration, on the same host and seed. The emulated path is the configuration without the
/// platform device: nothing unplugs the IDE disks, and no PV driver finds its bus.
/// </summary>
public sealed record DiskComparison(HostProfile Host, string Kernel, FioJob Job, DiskPathResult Emulated, DiskPathResult Pv)
{
    /// <summary>What is compared when nothing else is asked: 4 KiB reads all over the disk, 32 at a time, for two seconds.</summary>
    public const string UsualJob =
        "jobs { randread { filename = xvda, rw = randread, bs = 4k, iodepth = 32, direct = 1, runtime = 2s, time_based = 1, norandommap = 1 } }";

    /// <summary>How many times the PV path's IOPS are the emulated path's.</summary>
    public double Factor => Pv.Iops / Emulated.Iops;

    /// <exception cref="UserErrorException">The configuration or the job is wrong, or a path has no disk.</exception>
    public static DiskComparison Run(BootOptions options, FioJob job, Action<string>? progress, CancellationToken cancel)
    {
        if (options.Configs.Count != 1)
        {
            throw new UserErrorException($"compare: expected one configuration file but found {options.Configs.Count}");
        }

        var (emulated, host, kernel) = RunPath("emulated", options, job, progress, cancel);
        var (pv, _, _) = RunPath("pv", options, job, progress, cancel);
        return new(host, kernel, job, emulated, pv);
    }

    private static (DiskPathResult Result, HostProfile Host, string Kernel) RunPath(
        string name, BootOptions options, FioJob job, Action<string>? progress, CancellationToken cancel)
    {
        progress?.Invoke($"the {name} path: boot");
        var file = options.Configs[0];
        var pv = name == "pv";
        using var session = BootSession.Prepare(pv ? options : options with { Texts = [(file, Text(file, options) + "\nxen_platform_pci=0\n")] });
        var machine = session.Build(options.Seed, options.Engine);
        BootRun.ToTheEnd(machine, null, cancel);
        var domain = machine.Guests[0];
        var disk = (machine.Kernel(domain)?.Disks ?? []).Find(d => !d.Removable && d.Sectors > 0 && d.DriverName == "xen-blkfront" == pv)
            ?? throw new UserErrorException($"{file}: the guest has no disk on the {name} path{Reason(machine, session)}");
        var device = Device(job.Filename, disk);
        var own = job with { Filename = device, Guest = "" };
        var run = FioRun.Start(machine, [own], session.Host);
        progress?.Invoke($"the {name} path: {job.Name} on {device}");
        if (!run.ToTheEnd(null, cancel))
        {
            throw new UserErrorException($"{file}: the disk of the {name} path does not answer any more");
        }

        var result = new DiskPathResult(name, device, disk.DriverName, run, run.Activity);
        machine.ShutDown(session.Volumes);
        return (result, session.Host, session.Kernel.Name);
    }

    // The job's partition on the disk that this path has.
    private static string Device(string filename, GuestDisk disk)
    {
        var digits = filename.Length;
        while (digits > 0 && char.IsAsciiDigit(filename[digits - 1]))
        {
            digits--;
        }

        return digits == filename.Length ? disk.Name : GuestDisk.NameOf(disk.Name, int.Parse(filename.AsSpan(digits), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Reason(XenMachine machine, BootSession session)
    {
        foreach (var refused in machine.OperatorState.Answers)
        {
            if (!refused.Ok)
            {
                return $": {refused.Message}";
            }
        }

        var verdict = GuestResult.Of(machine, session).FirstOrDefault()?.Verdict.DiskReason;
        return verdict is null ? "" : $": {verdict}";
    }

    private static string Text(string file, BootOptions options)
    {
        foreach (var (name, text) in options.Texts)
        {
            if (name == file)
            {
                return text;
            }
        }

        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }
}
