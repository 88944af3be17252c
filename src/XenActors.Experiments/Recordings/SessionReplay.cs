using System.Globalization;
using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// A recorded session once more, without a clock and without any other file: <see cref="Run"/> it to its end or to a moment in between, then read the
/// <see cref="Machine"/>.
/// </summary>
public sealed class SessionReplay : IDisposable
{
    // As many inputs and as many bytes are told at a time, so that a recording of any length fits.
    private const int Batch = 4096;
    private const long BatchBytes = 32 << 20;

    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(500);

    private readonly RecordingReader _reader;
    private readonly RecordedVolumes _volumes;
    private readonly List<bool> _connected = [];
    private readonly Dictionary<string, int> _processes = [];
    private VirtualTime _told;
    private VirtualTime _same;
    private ReplayDifference? _difference;
    private long _inputs;
    private long _requests;
    private readonly bool[] _opened;
    private long _diskRequests;
    private int _waiting;
    private long _waitingBytes;

    private SessionReplay(RecordingReader reader, EngineOptions engine)
    {
        _reader = reader;
        Header = RecordingHeaderReader.Read(reader);
        Session = Header.Recreate(engine);
        _volumes = new RecordedVolumes(Header.Volumes);
        var nobody = new ReplayClients();
        Machine = Session.Build(
            Header.Seed, engine, _volumes, new OutsidePrograms(nobody) { Disks = nobody, DiskUsers = [.. Header.Disks.Select(d => d.Guest)] });
        _opened = new bool[Header.Disks.Count];
        foreach (var name in Machine.Simulator.ProcessNames)
        {
            _processes.Add(name, _processes.Count);
        }
    }

    public RecordingHeader Header { get; }

    /// <summary>The session as it was prepared; its volumes are not open.</summary>
    public BootSession Session { get; }

    public XenMachine Machine { get; }

    /// <summary>The recorded host before its first event.</summary>
    /// <exception cref="UserErrorException">No recording, or one that is damaged: file, line, column.</exception>
    public static SessionReplay Open(string file, EngineOptions? engine = null)
    {
        var reader = new RecordingReader(file);
        try
        {
            return new(reader, engine ?? EngineOptions.Sequential);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Lets all happen that happened before this moment of the session; may be called again with a later one.</summary>
    /// <exception cref="UserErrorException">The recording is damaged: file, line, column.</exception>
    /// <exception cref="SimulationException">An actor failed, as one may have in the session.</exception>
    public ReplayOutcome Run(VirtualTime until, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        while (_reader.Next(out var line))
        {
            var time = new VirtualTime(line.Number("a virtual time in nanoseconds", _told.Nanoseconds, long.MaxValue - 1));
            if (time >= until)
            {
                _reader.Back();
                RunTo(until, progress, cancel);
                return Outcome(RecordingEnd.NotReached, null);
            }

            _told = time;
            if (Take(ref line, time, progress, cancel) is { } recorded)
            {
                ExpectNothingMore();
                return Outcome(RecordingEnd.Ended, recorded);
            }

            if (_waiting >= Batch || _waitingBytes >= BatchBytes)
            {
                RunTo(time, progress, cancel);
            }
        }

        RunTo(_told, progress, cancel);
        return Outcome(_reader.Torn ? RecordingEnd.Torn : RecordingEnd.Cut, null);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _volumes.Dispose();
        Session.Dispose();
    }

    // The recorded fingerprint, when the line is the last one.
    private Fingerprint? Take(ref RecordingLine line, VirtualTime time, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        const string Channels = "xenstore, disk, volume, refused, check, failed or end";
        var channel = line.Word(Channels);
        if (channel.SequenceEqual(StoreInputs.Channel))
        {
            TakeStoreInput(ref line, time);
        }
        else if (channel.SequenceEqual("volume"u8))
        {
            _waitingBytes += _volumes.Take(ref line);
        }
        else if (channel.SequenceEqual(DiskInputs.Channel))
        {
            TakeDiskInput(ref line, time, progress, cancel);
        }
        else if (channel.SequenceEqual("refused"u8))
        {
            _volumes.TakeRefused(ref line);
        }
        else if (channel.SequenceEqual("failed"u8))
        {
            line.Bytes("what failed");
            RunTo(time, progress, cancel);
        }
        else if (channel.SequenceEqual("check"u8) || channel.SequenceEqual("end"u8))
        {
            var last = channel.SequenceEqual("end"u8);
            RunTo(time, progress, cancel);
            var recorded = Compare(ref line, time);
            line.End();
            return last ? recorded : null;
        }
        else
        {
            throw line.Wrong(Channels);
        }

        line.End();
        return null;
    }

    private void TakeStoreInput(ref RecordingLine line, VirtualTime time)
    {
        _inputs++;
        _waiting++;
        var client = (int)line.Number("a client", 1, _connected.Count + 1);
        var known = client <= _connected.Count && _connected[client - 1];
        var connect = line.Word("connect, disconnect or an operation");
        if (connect.SequenceEqual("connect"u8))
        {
            if (known)
            {
                throw line.Mistake($"client {client} is connected already");
            }

            if (client > _connected.Count)
            {
                _connected.Add(true);
            }

            _connected[client - 1] = true;
            StoreInputs.Connect(Machine, time, client);
            return;
        }

        if (!known)
        {
            throw line.Mistake($"client {client} is not connected");
        }

        if (connect.SequenceEqual("disconnect"u8))
        {
            _connected[client - 1] = false;
            StoreInputs.Disconnect(Machine, time, client);
            return;
        }

        var type = StoreInputs.Operation(connect) ?? throw line.Wrong("connect, disconnect or an operation");
        var reqId = (uint)line.Unsigned("a request's number", uint.MaxValue);
        var txId = (uint)line.Unsigned("a transaction's number", uint.MaxValue);
        _requests++;
        StoreInputs.Request(Machine, time, client, new XsRequest(type, reqId, txId, line.Bytes("a payload")));
    }

    private void TakeDiskInput(ref RecordingLine line, VirtualTime time, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        _inputs++;
        _waiting++;
        if (_opened.Length == 0)
        {
            throw line.Mistake("no disk of this host is used from outside");
        }

        var user = (int)line.Number("a user", 1, _opened.Length);
        if (DiskInputs.Read(ref line, _diskRequests + 1) is { } io)
        {
            if (!_opened[user - 1])
            {
                throw line.Mistake($"user {user} has not opened its disk");
            }

            _diskRequests++;
            _waitingBytes += io.Data.Length;
            DiskInputs.Tell(Machine, time, user, in io);
            return;
        }

        if (_opened[user - 1])
        {
            throw line.Mistake($"user {user} has opened its disk already");
        }

        // Where the guest's block layer is shows when its kernel runs.
        _opened[user - 1] = true;
        RunTo(time, progress, cancel);
        DiskInputs.Open(Machine, time, user, Header.Disks[user - 1]);
    }

    private Fingerprint Compare(ref RecordingLine line, VirtualTime time)
    {
        var recorded = new Fingerprint(line.Hash("a fingerprint"));
        var different = new List<string>();
        while (line.More)
        {
            var field = line.Name("a process and its fingerprint");
            var equals = field.LastIndexOf('=');
            if (equals < 0 || !_processes.TryGetValue(field[..equals], out var process))
            {
                throw line.Wrong("a process of this host and its fingerprint");
            }

            if (Machine.Simulator.FingerprintOf(process).ToString() != field[(equals + 1)..])
            {
                different.Add(field[..equals]);
            }
        }

        if (recorded == Machine.Simulator.Fingerprint)
        {
            _same = _difference is null ? time : _same;
        }
        else
        {
            _difference ??= new ReplayDifference(_same, time, different.Count > 0 ? different : ["no single process"]);
        }

        return recorded;
    }

    private void RunTo(VirtualTime time, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        _waiting = 0;
        _waitingBytes = 0;
        var simulator = Machine.Simulator;
        while (simulator.Now < time)
        {
            cancel.ThrowIfCancellationRequested();
            simulator.RunUntil(simulator.NextEventTime < time && time - simulator.Now > Slice ? simulator.Now + Slice : time);
            progress?.Invoke(new(simulator.Now, _inputs));
        }
    }

    private void ExpectNothingMore()
    {
        if (_reader.Next(out var line))
        {
            line.Word("the end of the recording");
            throw line.Wrong("the end of the recording");
        }
    }

    private ReplayOutcome Outcome(RecordingEnd end, Fingerprint? recorded) => new(
        end, Machine.Simulator.Now, _inputs, _requests, _diskRequests, _connected.Count, Machine.Simulator.Fingerprint, recorded, _difference, _volumes.Missing);
}
