using XenActors.Experiments.Profiles;
using XenActors.Hocon;

namespace XenActors.Experiments.Fio;

/// <summary>
/// Job files: fio's settings in HOCON. <c>global { ... }</c> holds for all jobs of <c>jobs { NAME { ... } }</c>. A key that is no setting is an error at
/// its place.
/// </summary>
public static class FioJobFile
{
    private const int SectorSize = 512;
    private const int IoDepthMax = 4096;
    private const int BlockSizeMost = 64 << 20;

    private static readonly string[] Known =
    [
        "filename", "guest", "rw", "readwrite", "rwmixread", "rwmixwrite", "bs", "blocksize", "bsrange", "bssplit", "iodepth", "numjobs", "size", "offset",
        "runtime", "time_based", "number_ios", "direct", "fsync", "end_fsync", "norandommap", "verify", "do_verify",
        "trim_mode", "sync", "invalidate",
    ];

    /// <summary>What a job can be told.</summary>
    public static IReadOnlyList<string> Settings => Known;

    /// <exception cref="UserErrorException">file:line:column, what, and what was expected.</exception>
    public static IReadOnlyList<FioJob> Load(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                throw new UserErrorException($"{file}: no such job file");
            }

            return Bind(HoconConfig.Load(file));
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }

    /// <exception cref="UserErrorException">As from a file.</exception>
    public static IReadOnlyList<FioJob> Parse(string text, string name)
    {
        try
        {
            return Bind(HoconConfig.Parse(text, name));
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
    }

    /// <summary>A job in a section of another file.</summary>
    /// <param name="others">Keys that the section has for other readers.</param>
    /// <param name="defaults">What holds where the section says nothing.</param>
    /// <exception cref="HoconException">As from a file.</exception>
    public static FioJob Job(string name, HoconObject section, IReadOnlyList<string> others, HoconObject defaults)
    {
        Refuse(section, [.. Known, .. others], "a setting of a job");
        var all = section.WithFallback(defaults);
        return Job(name, all, [.. Known, .. others]);
    }

    private static List<FioJob> Bind(HoconObject file)
    {
        Refuse(file, ["global", "jobs"], "global or jobs");
        HoconObject? global = null;
        if (file.TryGetObject("global", out var all))
        {
            global = all;
            Refuse(all, Known, "a setting of a job");
        }

        var jobs = new List<FioJob>();
        var named = file.GetObject("jobs");
        foreach (var name in named.Keys)
        {
            named.TryGetField(name, out var value);
            var job = value.AsObject(name);
            Refuse(job, Known, "a setting of a job");
            jobs.Add(Job(name, global is null ? job : job.WithFallback(global), Known));
        }

        return jobs.Count > 0 ? jobs : throw new HoconException(named.Origin, "expected at least one job in 'jobs' but found none");
    }

    private static void Refuse(HoconObject section, IReadOnlyList<string> known, string expected)
    {
        foreach (var key in section.Keys)
        {
            if (!known.Contains(key))
            {
                section.TryGetField(key, out var value);
                throw new HoconException(value.Origin, $"expected {expected} but found '{key}'{HostSettings.Nearest(key, known)}");
            }
        }
    }

    private static FioJob Job(string name, HoconObject job, string[] known)
    {
        var settings = new HostSettings(job, known);
        var rw = job.Has("readwrite") ? "readwrite" : "rw";
        var result = new FioJob
        {
            Name = name,
            Filename = job.GetString("filename"),
            Guest = settings.Text("guest", ""),
            Pattern = job.Has(rw)
                ? settings.OneOf(
                    rw, ("read", FioPattern.Read), ("write", FioPattern.Write), ("randread", FioPattern.RandRead), ("randwrite", FioPattern.RandWrite),
                    ("rw", FioPattern.ReadWrite), ("readwrite", FioPattern.ReadWrite), ("randrw", FioPattern.RandRw), ("trim", FioPattern.Trim),
                    ("randtrim", FioPattern.RandTrim))
                : FioPattern.Read,
            ReadPercent = job.Has("rwmixwrite") ? 100 - settings.Int("rwmixwrite", 0, 100) : job.Has("rwmixread") ? settings.Int("rwmixread", 0, 100) : 50,
            BlockSizes = Sizes(job, settings, out var largest),
            BlockSizeMax = largest,
            IoDepth = job.Has("iodepth") ? settings.Int("iodepth", 1, IoDepthMax) : 1,
            NumJobs = job.Has("numjobs") ? settings.Int("numjobs", 1, IoDepthMax) : 1,
            Size = job.Has("size") ? settings.Size("size", SectorSize) * SectorSize : 0,
            Offset = job.Has("offset") ? Offset(job, settings) : 0,

            // fio takes a bare number for seconds.
            Runtime = job.Has("runtime") ? new(Runtime(job, settings)) : default,
            TimeBased = Flag(job, "time_based", false),
            NumberIos = job.Has("number_ios") ? settings.Long("number_ios", 1) : 0,
            Direct = Flag(job, "direct", false),
            Fsync = job.Has("fsync") ? settings.Int("fsync", 0, int.MaxValue) : 0,
            EndFsync = Flag(job, "end_fsync", false),
            NoRandomMap = Flag(job, "norandommap", false),
            Verify = job.Has("verify") && settings.OneOf("verify", ("stamp", true), ("0", false), ("off", false)),
            DoVerify = Flag(job, "do_verify", true),
            TrimMode = job.Has("trim_mode")
                ? settings.OneOf("trim_mode", ("discard", FioTrimMode.Discard), ("secure", FioTrimMode.Secure), ("zeroes", FioTrimMode.Zeroes))
                : FioTrimMode.Discard,
            Dsync = job.Has("sync") && settings.OneOf("sync", ("none", false), ("0", false), ("dsync", true)),
            Invalidate = Flag(job, "invalidate", false),
        };
        if (result.TimeBased && result.Runtime.Nanoseconds == 0)
        {
            throw settings.Wrong("time_based", "a runtime beside it");
        }

        return result;
    }

    private static List<FioBlockSize> Sizes(HoconObject job, HostSettings settings, out int largest)
    {
        largest = 0;
        if (job.Has("bssplit"))
        {
            return Split(job.GetString("bssplit")) ?? throw settings.Wrong("bssplit", "sizes and percents that make a hundred, as 4k/60:64k/40,");
        }

        if (job.Has("bsrange"))
        {
            var ends = job.GetString("bsrange").Split('-');
            if (ends.Length != 2 || Bytes(ends[0]) is not { } least || Bytes(ends[1]) is not { } most || most < least)
            {
                throw settings.Wrong("bsrange", "two sizes in whole sectors, as 4k-64k,");
            }

            largest = most / least * least;
            return [new(least, 100)];
        }

        var key = job.Has("blocksize") ? "blocksize" : "bs";
        return job.Has(key)
            ? [new(Bytes(job.GetString(key)) ?? throw settings.Wrong(key, $"a size in whole sectors up to {BlockSizeMost >> 20} MiB"), 100)]
            : [new(4096, 100)];
    }

    private static List<FioBlockSize>? Split(string text)
    {
        var sizes = new List<FioBlockSize>();
        foreach (var part in text.Split(':'))
        {
            var pieces = part.Split('/');
            if (pieces.Length != 2 || Bytes(pieces[0]) is not { } bytes || !int.TryParse(pieces[1], out var percent) || percent is < 1 or > 100)
            {
                return null;
            }

            sizes.Add(new(bytes, percent));
        }

        return sizes.Sum(s => s.Percent) == 100 ? sizes : null;
    }

    // fio's sizes: a number and k, m or g, in powers of 1024.
    private static int? Bytes(string text)
    {
        text = text.Trim().ToLowerInvariant().TrimEnd('b').TrimEnd('i');
        var scale = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1024L, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1 };
        return long.TryParse(scale == 1 ? text : text[..^1], out var number) && number > 0 && number <= BlockSizeMost && number * scale <= BlockSizeMost
            && number * scale % SectorSize == 0
            ? (int)(number * scale)
            : null;
    }

    private static long Offset(HoconObject job, HostSettings settings)
    {
        var bytes = job.GetBytes("offset");
        return bytes % SectorSize == 0 ? bytes : throw settings.Wrong("offset", "a size in whole sectors");
    }

    private static long Runtime(HoconObject job, HostSettings settings)
    {
        var text = job.GetString("runtime");
        return long.TryParse(text, out var seconds) && seconds is > 0 and < 1_000_000 ? seconds * 1_000_000_000 : settings.DurationNs("runtime");
    }

    // fio's booleans are 0 and 1.
    private static bool Flag(HoconObject job, string key, bool otherwise) =>
        !job.Has(key) ? otherwise : job.GetString(key) switch { "1" => true, "0" => false, _ => job.GetBool(key) };
}
