using System.Runtime.InteropServices;

namespace XenActors.Cli;

/// <summary>SIGINT and SIGTERM end a server in its own time, so that it can tidy up, instead of the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignals(Action stop)
    {
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop();
        }

        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }
}
