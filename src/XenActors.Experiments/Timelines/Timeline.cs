using System.Text;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// A run as a file for the Perfetto viewer (<c>ui.perfetto.dev</c>), from what the simulator tells its sinks and observers. It is no part of
/// the history, and the same bytes on every engine.
/// </summary>
public sealed class Timeline : ITraceSink, IObserve<StoreChanged>, IObserve<RuleActed>, IDisposable
{
    /// <summary>Tracks of <see cref="Mark"/>.</summary>
    public const string Faults = "faults";
    public const string Violations = "violations";

    private const string Devices = "devices";

    private readonly string _name;
    private readonly Stream _output;
    private readonly TimelineWriter _writer;
    private readonly List<TraceRecord> _records = [];
    private readonly List<(long Time, Action Write)> _notes = [];
    private Simulator? _simulator;
    private IOException? _failure;
    private bool _finished;

    /// <param name="name">As the user wrote it, for messages about the file.</param>
    public Timeline(string name, Stream output)
    {
        (_name, _output) = (name, output);
        _writer = new TimelineWriter(output);
    }

    /// <exception cref="UserErrorException">The file cannot be made.</exception>
    public static Timeline ToFile(FileInfo file)
    {
        try
        {
            // No buffer below the writer's: nothing is left to fail when the file is closed.
            return new($"--timeline {file}", new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.Read, 0));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"--timeline {file}: {cause.Message}", cause);
        }
    }

    /// <summary>From now on everything that the simulator does goes into the file; once, before virtual time begins.</summary>
    public void Attach(Simulator simulator)
    {
        if (_simulator is not null)
        {
            throw new InvalidOperationException("the timeline is of another simulator already");
        }

        _simulator = simulator;
        simulator.AlsoTraceTo(this);
        simulator.Observe<StoreChanged>(this);
        simulator.Observe<RuleActed>(this);
    }

    /// <summary>A mark on a track of its own: a fault that was installed, healed or did something; what a checker has seen.</summary>
    public void Mark(VirtualTime at, string track, string text) => Try(() => _writer.Mark(at.Nanoseconds, track, text));

    /// <exception cref="UserErrorException">Not everything could be written.</exception>
    public void Finish()
    {
        Dispose();
        if (_failure is not null)
        {
            throw new UserErrorException($"{_name}: {_failure.Message}", _failure);
        }
    }

    /// <summary>The file is whole, up to where the run came.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        ((ITraceSink)this).Flushed();
        Try(() => _writer.Finish(_simulator?.LastEventTime.Nanoseconds ?? 0));
        try
        {
            _output.Dispose();
        }
        catch (IOException cause)
        {
            _failure ??= cause;
        }
    }

    void ITraceSink.Record(in TraceRecord record) => _records.Add(record);

    void IObserve<StoreChanged>.On(in Observed at, in StoreChanged what)
    {
        if (!DeviceEnd.TryOfStateNode(what.Path, out var end))
        {
            return;
        }

        var (time, thing) = (at.Time.Nanoseconds, end.ToString());
        var state = what.Exists ? StateWriteText.NameOf(Encoding.Latin1.GetString(what.Value.Span)) : null;
        _notes.Add((time, () => _writer.State(time, Devices, thing, state)));
    }

    void IObserve<RuleActed>.On(in Observed at, in RuleActed what)
    {
        var (time, text) = (at.Time.Nanoseconds, FaultText.Of(_simulator!, in what));
        _notes.Add((time, () => _writer.Mark(time, Faults, text)));
    }

    // Records and notes are each in order; how many come between two flushes depends on the engine, their common order does not.
    void ITraceSink.Flushed()
    {
        Try(() =>
        {
            var note = 0;
            foreach (ref readonly var record in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_records))
            {
                for (; note < _notes.Count && _notes[note].Time < record.Time.Nanoseconds; note++)
                {
                    _notes[note].Write();
                }

                _writer.Record(in record);
            }

            for (; note < _notes.Count; note++)
            {
                _notes[note].Write();
            }
        });
        _records.Clear();
        _notes.Clear();
    }

    // The first write that fails is remembered and told at the end.
    private void Try(Action write)
    {
        if (_failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException cause)
        {
            _failure = cause;
        }
    }
}
