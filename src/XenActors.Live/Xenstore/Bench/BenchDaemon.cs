using System.Globalization;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>A daemon under measurement, and its process as <c>/proc</c> shows it.</summary>
internal sealed class BenchDaemon : IDisposable
{
    private readonly string proc;

    public BenchDaemon(string path)
    {
        Address = new UnixAddress(path);
        Control = new BenchClient(Address);
        proc = string.Create(CultureInfo.InvariantCulture, $"/proc/{Control.PeerProcess}");
    }

    public UnixAddress Address { get; }

    /// <summary>The connection that prepares and cleans up.</summary>
    public BenchClient Control { get; }

    /// <summary>The processor time of all its threads so far, to the nanosecond; a thread that has ended is forgotten.</summary>
    public TimeSpan? Cpu
    {
        get
        {
            try
            {
                long nanoseconds = 0;
                foreach (var thread in Directory.EnumerateDirectories(proc + "/task"))
                {
                    nanoseconds += long.Parse(File.ReadAllText(thread + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
                }

                return TimeSpan.FromMicroseconds(nanoseconds / 1e3);
            }
            catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
            {
                return null; // another user's, in another process namespace, or a kernel without the file
            }
        }
    }

    /// <summary>Its resident memory in bytes.</summary>
    public long? Resident
    {
        get
        {
            try
            {
                const string name = "VmRSS:";
                var line = File.ReadLines(proc + "/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
                return line is null ? null : 1024 * long.Parse(line[name.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            }
            catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public void Dispose() => Control.Dispose();
}
