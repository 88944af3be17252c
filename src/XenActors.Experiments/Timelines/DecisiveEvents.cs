using System.Text.RegularExpressions;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// Weighs the records of a run by what they say about its subjects: the end of an actor, states that devices go through, notifications, what was
/// heard and said last, and what led there. The reason with the most weight is the one that is told.
/// </summary>
internal sealed partial class DecisiveEvents
{
    // The greater, the sooner it is told. Only their order means anything.
    private const int WeightEnd = 100;
    private const int WeightLast = 90;
    private const int WeightState = 80;
    private const int WeightDead = 75;
    private const int WeightNotification = 70;
    private const int WeightLog = 60;
    private const int WeightTimeout = 55;
    private const int WeightCause = 50;
    private const int WeightHeard = 45;
    private const int WeightStart = 40;
    private const int WeightNear = 10;

    /// <summary>So many steps back from what is decisive by itself.</summary>
    private const int CauseSteps = 12;

    /// <summary>Dead letters to one actor that are told.</summary>
    private const int DeadMax = 3;

    private static readonly string Kill = typeof(Kill).FullName!;
    private static readonly string Start = typeof(Start).FullName!;
    private static readonly string Request = typeof(XsRequest).FullName!;
    private static readonly string Reply = typeof(XsReply).FullName!;
    private static readonly string Printk = typeof(Printk).FullName!;
    private static readonly string WatchEvent = typeof(XsWatchEvent).FullName!;

    // Asking and answering; in a chain of causes they say nothing.
    private static readonly string[] Routine = [Request, Reply, Start, typeof(XsRingRequests).FullName!, typeof(XsRingResponses).FullName!];
    private static readonly string[] Notifications = [typeof(EventFired).FullName!, typeof(RingEvent).FullName!, typeof(SendEvent).FullName!];
    private static readonly string[] Ends = [Kill, typeof(PoisonPill).FullName!, typeof(Terminated).FullName!, typeof(DeviceGone).FullName!];

    private readonly IReadOnlyList<TraceRecord> _records;
    private readonly Subjects _subjects;
    private readonly SortedDictionary<int, (int Weight, string Why)> _picked = [];

    private DecisiveEvents(IReadOnlyList<TraceRecord> records, Subjects subjects)
    {
        _records = records;
        _subjects = subjects;
    }

    /// <summary>A record that an explanation may need however long ago it was: a beginning, an end, a dead letter, a timeout, a device's state.</summary>
    public static bool IsLandmark(in TraceRecord record) =>
        record.Dead || record.Message == Start || record.Message.EndsWith("Timeout", StringComparison.Ordinal) || Array.IndexOf(Ends, record.Message) >= 0
        || (record.Message == Request && StateWriteText.TryRead(in record, out _, out _));

    /// <summary>At most so many records, by place, each with the reason why it is there.</summary>
    public static SortedDictionary<int, string> Pick(IReadOnlyList<TraceRecord> records, Subjects subjects, int max)
    {
        var events = new DecisiveEvents(records, subjects);
        events.Landmarks();
        events.LastWords();
        events.LeadingThere();
        if (events._picked.Count == 0)
        {
            events.Nearest(max);
        }

        var chosen = new SortedDictionary<int, string>();
        foreach (var (place, picked) in events._picked.OrderByDescending(p => p.Value.Weight).ThenByDescending(p => p.Key).Take(max))
        {
            chosen.Add(place, picked.Why);
        }

        return chosen;
    }

    private void Landmarks()
    {
        var states = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var dead = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _records.Count; i++)
        {
            var record = _records[i];
            if (record.Message == Request && StateWriteText.TryRead(in record, out var end, out var state))
            {
                // The bus passes the driver's request on: once is enough.
                if (_subjects.Has(in end) && states.GetValueOrDefault(end.ToString()) != state)
                {
                    states[end.ToString()] = state;
                    Take(i, WeightState, $"{(end.Back ? "backend" : "frontend")} {state}");
                }
            }
            else if (record.Message.EndsWith("Timeout", StringComparison.Ordinal) && (Tells(record.Text) || _subjects.HasDomainOf(record.Actor)))
            {
                Take(i, WeightTimeout, "waited long enough");
            }
            else if (record.Message == Printk && (_subjects.Has(record.Sender) || Tells(record.Text)))
            {
                Take(i, WeightLog, "the kernel says so");
            }
            else if (_subjects.Has(record.Actor))
            {
                Received(i, in record, dead);
            }
        }
    }

    private void Received(int place, in TraceRecord record, SortedDictionary<string, int> dead)
    {
        if (record.Dead)
        {
            var count = dead[record.Actor] = dead.GetValueOrDefault(record.Actor) + 1;
            if (count <= DeadMax)
            {
                Take(place, WeightDead, "nobody is there any more");
            }
        }
        else if (record.Message == Kill)
        {
            Take(place, WeightEnd, "killed");
        }
        else if (Array.IndexOf(Ends, record.Message) >= 0)
        {
            Take(place, WeightEnd, "an end");
        }
        else if (record.Message == Start)
        {
            Take(place, WeightStart, "begins");
        }
        else if (record.Message == WatchEvent && record.Text.Contains("/state", StringComparison.Ordinal))
        {
            Take(place, WeightHeard, "hears of the other end");
        }
    }

    // What each subject has heard and said last, and the last notifications from and to it.
    private void LastWords()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = _records.Count - 1; i >= 0; i--)
        {
            var record = _records[i];
            if (_subjects.Has(record.Actor) && !record.Dead)
            {
                var why = record.Sender == record.Actor ? "its last timer" : $"the last that {Last(record.Actor)} hears";
                TakeOnce(seen, $"to {record.Actor}", i, WeightLast, why);
            }

            if (_subjects.Has(record.Sender) && record.Sender != record.Actor)
            {
                TakeOnce(seen, $"from {record.Sender}", i, WeightLast, $"the last that {Last(record.Sender)} says");
            }

            if (Array.IndexOf(Notifications, record.Message) >= 0 && PortOf(record.Text) is { } port
                && (_subjects.Has(record.Actor) || _subjects.Has(record.Sender) || (_subjects.IsVague && _subjects.Ports.Contains(port))))
            {
                TakeOnce(seen, $"port {port} {record.Actor}", i, WeightNotification, $"last notification of port {port}");
            }
        }
    }

    // Back from what is decisive by itself, over what is only asked and answered.
    private void LeadingThere()
    {
        var causes = new Causes(_records);
        foreach (var (start, picked) in _picked.Where(p => p.Value.Weight >= WeightNotification).ToList())
        {
            var place = start;
            var timers = new SortedSet<string>(StringComparer.Ordinal);
            for (var step = 1; step <= CauseSteps; step++)
            {
                place = causes.Of(place);
                if (place < 0)
                {
                    break;
                }

                var record = _records[place];

                // A timer that is set again and again tells once.
                if (Array.IndexOf(Routine, record.Message) < 0 && (record.Sender != record.Actor || timers.Add(record.Message)))
                {
                    Take(place, WeightCause - (2 * step), picked.Weight == WeightLast ? "led to it" : $"led to: {picked.Why}");
                }
            }
        }
    }

    private void Nearest(int max)
    {
        for (var i = Math.Max(0, _records.Count - max); i < _records.Count; i++)
        {
            Take(i, WeightNear, "just before");
        }
    }

    private void TakeOnce(SortedSet<string> seen, string what, int place, int weight, string why)
    {
        if (seen.Add(what))
        {
            Take(place, weight, why);
        }
    }

    private void Take(int place, int weight, string why)
    {
        if (!_picked.TryGetValue(place, out var known))
        {
            _picked.Add(place, (weight, why));
        }
        else if (weight > known.Weight)
        {
            // A state and a last word at once: both are worth a word.
            _picked[place] = (weight, known.Weight >= WeightNotification ? $"{why}; {known.Why}" : why);
        }
        else if (weight >= WeightNotification && known.Why != why)
        {
            _picked[place] = (known.Weight, $"{known.Why}; {why}");
        }
    }

    private bool Tells(string text)
    {
        foreach (var device in _subjects.Devices)
        {
            var parts = device.Split('/');
            if (text.Contains($"/{parts[1]}/{parts[2]}", StringComparison.Ordinal) || text.Contains($"{parts[1]}-{parts[2]}", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string Last(string actor) => actor[(actor.LastIndexOf('/') + 1)..];

    private static string? PortOf(string text) => Port().Match(text) is { Success: true } match ? match.Groups["port"].Value : null;

    [GeneratedRegex(@"\bPort = (?<port>\d+)")]
    private static partial Regex Port();
}
