using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>
/// Debian's C xenstored 4.17 in a fresh directory, where the shim also looks for guests' rings (tests/xspeer/README.md). It ends with this
/// object, or with the test's process. Its socket has a backlog of 1: connect blockingly.
/// </summary>
internal sealed class RealXenstored : IDisposable
{
    private readonly Process process;

    /// <summary>Starts it and returns once it listens.</summary>
    /// <param name="options">More of its options, such as <c>-T</c> and a file.</param>
    public RealXenstored(params string[] options)
        : this(1, options)
    {
    }

    /// <summary>Starts it with a monotonic clock that runs so many times faster, and returns once it listens.</summary>
    public RealXenstored(int clockRate, params string[] options)
    {
        var missing = DebianPrograms.Missing(DebianNeeds.Daemon);
        Assert.True(missing is null, missing);
        var start = new ProcessStartInfo(DebianPrograms.Get("xenstored"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RunDirectory,
        };
        // These would move its socket.
        start.Environment.Remove("XENSTORED_PATH");
        start.Environment.Remove("XENSTORED_RUNDIR");
        start.Environment["XENSHIM_DIR"] = RunDirectory;
        start.Environment["XENSHIM_TETHER"] = "1";
        start.Environment["XENSHIM_CLOCK"] = clockRate.ToString(CultureInfo.InvariantCulture);
        start.Environment["LD_PRELOAD"] = DebianPrograms.Shim;
        start.Environment["LD_LIBRARY_PATH"] = DebianPrograms.Libraries;
        foreach (var option in (string[])["-N", .. options]) start.ArgumentList.Add(option);
        process = Process.Start(start) ?? throw new Win32Exception();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        AwaitSocket();
    }

    public string RunDirectory { get; } = Directory.CreateTempSubdirectory("xs").FullName;

    public string Socket => Path.Combine(RunDirectory, "socket");

    public int Pid => process.Id;

    public bool HasExited => process.HasExited;

    public WireClient Connect() => new(Socket);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(RunDirectory, true);
    }

    // The daemon does not say when it listens.
    private void AwaitSocket()
    {
        for (var tries = 0; tries < 2000; tries++)
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(Socket));
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                Thread.Sleep(5);
            }
        }

        Assert.Fail("xenstored does not listen");
    }
}
