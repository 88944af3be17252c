using XenActors.Abi;
using XenActors.Experiments.Boot;
using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// A simulated host that the world outside can talk to. Whatever enters it does so at <see cref="Simulator.Now"/>, as a message with that stamp, and
/// is recorded first; with the recording the history can be had again (<see cref="SessionReplay"/>). It knows no clock: whoever runs it decides how
/// far. One thread.
/// </summary>
public sealed class LiveSession : IDisposable
{
    private readonly RecordingWriter? _recording;
    private readonly IReadOnlyList<string> _processes;
    private readonly IVolumes _volumes;
    private bool _over;

    /// <param name="boot">What to build; it stays the caller's.</param>
    /// <param name="outside">Where the clients' replies go, while the machine runs.</param>
    /// <param name="disks">The disks that users outside may open, one user each, from 1.</param>
    /// <param name="diskUsers">Where their answers go; null when there are none.</param>
    /// <param name="recording">Where all that enters goes; null to forget it. It is this session's from now on.</param>
    /// <param name="started">For the recording's reader.</param>
    /// <param name="arguments">The command that was given, for the recording's reader.</param>
    public LiveSession(
        BootSession boot, IOutsideClients outside, IReadOnlyList<SessionDisk> disks, IOutsideDiskUsers? diskUsers, RecordingWriter? recording, DateTimeOffset started,
        string arguments)
    {
        _recording = recording;
        Disks = disks;
        var volumes = recording is null ? null : new RecordingVolumes(boot.Volumes, recording);
        Machine = boot.Build(boot.Options.Seed, boot.Options.Engine, volumes ?? (IVolumes)boot.Volumes,
            new OutsidePrograms(outside) { Disks = diskUsers, DiskUsers = [.. disks.Select(d => d.Guest)] });
        _volumes = boot.Volumes;
        _processes = Machine.Simulator.ProcessNames;
        if (volumes is not null)
        {
            volumes.Simulator = Machine.Simulator;
        }

        if (recording is not null)
        {
            RecordingHeader.Of(boot, disks, started, arguments).Write(recording);
            recording.Drain();
        }
    }

    public XenMachine Machine { get; }

    /// <summary>By user, from the first.</summary>
    public IReadOnlyList<SessionDisk> Disks { get; }

    public VirtualTime Now => Machine.Simulator.Now;

    /// <summary>Requests that have entered.</summary>
    public long Requests { get; private set; }

    /// <summary>Requests to guests' disks that have entered.</summary>
    public long DiskRequests { get; private set; }

    /// <summary>What has entered, requests among it.</summary>
    public long Inputs { get; private set; }

    public string? RecordingPath => _recording?.Path;

    /// <summary>Why the recording is not whole; null when it is.</summary>
    public IOException? RecordingFailure => _recording?.Failure;

    /// <summary>Whether something of the recording would be lost if this process were killed now.</summary>
    public bool RecordingWaits => _recording is { Waiting: true };

    /// <summary>A program outside has connected. Numbers count from 1; one that was told closed may come again.</summary>
    public void Connect(int client)
    {
        Inputs++;
        _recording?.Line(Now, StoreInputs.Channel).Number(client).Word("connect"u8).End();
        StoreInputs.Connect(Machine, Now, client);
    }

    public void Disconnect(int client)
    {
        Inputs++;
        _recording?.Line(Now, StoreInputs.Channel).Number(client).Word("disconnect"u8).End();
        StoreInputs.Disconnect(Machine, Now, client);
    }

    public void Request(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        Inputs++;
        Requests++;
        if (_recording is not null)
        {
            StoreInputs.WriteRequest(_recording, Now, client, type, reqId, txId, payload);
        }

        StoreInputs.Request(Machine, Now, client, new XsRequest(type, reqId, txId, payload.ToArray()));
    }

    /// <summary>A user outside opens its disk; once, when the guest's kernel runs.</summary>
    public void OpenDisk(int user)
    {
        Inputs++;
        if (_recording is not null)
        {
            DiskInputs.WriteOpen(_recording, Now, user);
        }

        DiskInputs.Open(Machine, Now, user, Disks[user - 1]);
    }

    /// <summary>What a user asks of its disk; returns the cookie of the answer.</summary>
    /// <param name="data">A write's; nobody changes it any more.</param>
    public long DiskIo(int user, BlockIoOperation operation, BlockIoFlags flags, ulong sector, uint count, byte[] data)
    {
        Inputs++;
        var io = new BlockIo(0, operation, flags, sector, count, data, ++DiskRequests);
        if (_recording is not null)
        {
            DiskInputs.Write(_recording, Now, user, in io);
        }

        DiskInputs.Tell(Machine, Now, user, in io);
        return io.Cookie;
    }

    /// <summary>Lets everything before this moment happen.</summary>
    /// <exception cref="SimulationException">An actor failed; the recording says so, and the session is over.</exception>
    public void RunUntil(VirtualTime limit)
    {
        try
        {
            Machine.Simulator.RunUntil(limit);
        }
        catch (SimulationException failure)
        {
            _recording?.Line(limit, "failed"u8).Bytes(System.Text.Encoding.UTF8.GetBytes(failure.Message)).End();
            _over = true;
            _recording?.Drain();
            throw;
        }
    }

    /// <summary>Records where the history has got to, so that a replay can tell how long it was the same.</summary>
    public void Check() => Mark("check"u8);

    /// <summary>Hands what has been recorded to the operating system.</summary>
    public void Flush() => _recording?.Drain();

    /// <summary>Has what has been recorded handed to the operating system, without waiting for it.</summary>
    public void FlushSoon() => _recording?.Flush();

    /// <summary>The last word: nothing enters any more.</summary>
    public void End()
    {
        if (!_over)
        {
            _over = true;
            Mark("end"u8);
            _recording?.Drain();
            Machine.ShutDown(_volumes);
        }
    }

    public void Dispose() => _recording?.Dispose();

    private void Mark(ReadOnlySpan<byte> word)
    {
        if (_recording is null)
        {
            return;
        }

        var line = _recording.Line(Now, word).Word(Machine.Simulator.Fingerprint.ToString());
        for (var i = 0; i < _processes.Count; i++)
        {
            line = line.Word($"{_processes[i]}={Machine.Simulator.FingerprintOf(i)}");
        }

        line.End();
    }
}
