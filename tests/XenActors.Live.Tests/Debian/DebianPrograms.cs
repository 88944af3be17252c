using System.Reflection;

namespace XenActors.Tests.Live.Debian;

/// <summary>Where Debian's programs are: installed ones on PATH, others where tests/xspeer/xspeer.sh unpacked them.</summary>
internal static class DebianPrograms
{
    /// <summary>The directory that xspeer.sh filled, or was to fill.</summary>
    public static string Directory { get; } =
        Environment.GetEnvironmentVariable("XSPEER_DIR") is { Length: > 0 } given ? given : Assembly.GetExecutingAssembly()
            .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "XspeerDirectory").Value!;

    /// <summary>Where the unpacked libraries lie, or null.</summary>
    public static string? Libraries
    {
        get
        {
            var lib = Path.Combine(Directory, "root/usr/lib");
            return System.IO.Directory.Exists(lib) ? System.IO.Directory.GetDirectories(lib, "*-linux-gnu").FirstOrDefault() : null;
        }
    }

    public static string Shim => Path.Combine(Directory, "xenshim.so");

    /// <summary>PATH, then where unpacked programs lie.</summary>
    public static string SearchPath { get; } =
        $"{Environment.GetEnvironmentVariable("PATH")}:{Path.Combine(Directory, "root/usr/lib/xen-4.17/bin")}:{Path.Combine(Directory, "root/usr/bin")}:/usr/sbin:/sbin";

    /// <summary>A program's path, or null.</summary>
    public static string? Find(string program) =>
        SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>A program's path; a test that gets here without it fails.</summary>
    public static string Get(string program)
    {
        var path = Find(program);
        Assert.True(path is not null, $"{program} is missing: {Advice}");
        return path;
    }

    /// <summary>Why a test cannot run here, or null. On CI it always runs, and fails for want of what it needs.</summary>
    public static string? ReasonToSkip(DebianNeeds needs) => Environment.GetEnvironmentVariable("CI") == "true" ? null : Missing(needs);

    public static string? Missing(DebianNeeds needs)
    {
        string[] tools = needs.HasFlag(DebianNeeds.Tools) ? ["xenstore-ls", "xenstore-watch", "test-xenstore"] : [];
        string[] nbd = needs.HasFlag(DebianNeeds.Nbd) ? ["nbdinfo", "nbdcopy", "qemu-img", "qemu-nbd", "fio", "mke2fs", "e2fsck", "setsid"] : [];
        string[] compiler = needs.HasFlag(DebianNeeds.Compiler) ? ["gcc"] : [];
        var missing = tools.Concat(nbd).Concat(compiler).Where(program => Find(program) is null).ToList();
        if (needs.HasFlag(DebianNeeds.Daemon) && !(File.Exists(Shim) && Find("xenstored") is not null)) missing.Add("xenstored with its shim");
        if (needs.HasFlag(DebianNeeds.Compiler) && !File.Exists("/usr/include/xenstore.h")) missing.Add("libxen-dev");
        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} missing: {Advice}";
    }

    private const string Advice = "scripts/test.sh, as root on Debian 12, provides it";
}
