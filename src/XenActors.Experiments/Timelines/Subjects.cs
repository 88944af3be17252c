using System.Globalization;
using System.Text.RegularExpressions;
using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>Whom and what the words of violations and faults name: devices, actors, domains, ports.</summary>
internal sealed partial class Subjects
{
    private static readonly char[] Separators = [' ', ',', ';', ':', '(', ')', '"', '\'', '\n', '[', ']', '>', '<', '='];

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _jobs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>As <c>dom1/vbd/768</c>.</summary>
    public SortedSet<string> Devices { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Ports { get; } = new(StringComparer.Ordinal);

    /// <summary>Nothing is named but, perhaps, whole domains.</summary>
    public bool IsVague => _names.Count == 0 && Devices.Count == 0;

    public void Add(string text)
    {
        foreach (Match match in DevicePath().Matches(text))
        {
            AddDevice(match.Groups["domain"].Value, match.Groups["type"].Value, match.Groups["id"].Value);
        }

        // A run's own words for a job that has not finished.
        foreach (Match match in Job().Matches(text))
        {
            _jobs.Add($"{match.Groups["kind"].Value}-{match.Groups["name"].Value}");
        }

        foreach (Match match in Port().Matches(text))
        {
            Ports.Add(match.Groups["port"].Value);
        }

        foreach (var word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var name = word.TrimEnd('.');
            if (DomainName().IsMatch(name))
            {
                _domains.Add(name);
            }
            else if (name.Contains('/', StringComparison.Ordinal) && !name.StartsWith('/'))
            {
                _names.Add(name);
                if (BackendName().Match(name) is { Success: true } back)
                {
                    AddDevice(back.Groups["domain"].Value, back.Groups["type"].Value, back.Groups["id"].Value);
                }
                else if (FrontendName().Match(name) is { Success: true } front)
                {
                    AddDevice(front.Groups["domain"].Value, front.Groups["type"].Value, front.Groups["id"].Value);
                }
            }
        }

        _known.Clear();
    }

    /// <summary>The jobs that are named, and the devices that they have last spoken to, themselves or by their kernel's block layer.</summary>
    public void AddDevicesOfJobs(IReadOnlyList<TraceRecord> records)
    {
        foreach (var job in _jobs)
        {
            for (var i = records.Count - 1; i >= 0; i--)
            {
                if (IsOf(job, records[i].Sender) && !IsOf(job, records[i].Actor))
                {
                    _names.Add(records[i].Sender);
                    AddDriver(records, i);
                    break;
                }
            }
        }

        _known.Clear();
    }

    /// <summary>The actor is one of those that are named, or drives an end of a device that is.</summary>
    public bool Has(string actor)
    {
        if (!_known.TryGetValue(actor, out var has))
        {
            has = Judge(actor);
            _known.Add(actor, has);
        }

        return has;
    }

    /// <summary>The actor lives in a domain that is named, or that has a device which is.</summary>
    public bool HasDomainOf(string actor) => _domains.Contains(actor.Split('/')[0]);

    public bool Has(in DeviceEnd end) => Devices.Contains(end.Device);

    private static bool IsOf(string job, string actor)
    {
        var name = actor.AsSpan(actor.LastIndexOf('/') + 1);
        return name.StartsWith(job, StringComparison.Ordinal) && (name.Length == job.Length || name[job.Length] is '-' or '.');
    }

    // The driver that got this message, or to which the block layer passed it on.
    private void AddDriver(IReadOnlyList<TraceRecord> records, int place)
    {
        var to = records[place].Actor;
        for (var i = place; i < records.Count; i++)
        {
            if ((i == place || records[i].Sender == to) && FrontendName().Match(records[i].Actor) is { Success: true } front)
            {
                AddDevice(front.Groups["domain"].Value, front.Groups["type"].Value, front.Groups["id"].Value);
                return;
            }
        }
    }

    private void AddDevice(string domain, string type, string id)
    {
        if (ushort.TryParse(domain, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var end = new DeviceEnd(number, type, id, false);
            Devices.Add(end.Device);
            _domains.Add($"dom{domain}");
            _names.Add($"dom{domain}/xenbus/{end.DriverName}");
            _names.Add($"*/{(end with { Back = true }).DriverName}");
        }
    }

    private bool Judge(string actor) => _names.Contains(actor) || _names.Contains($"*/{actor[(actor.LastIndexOf('/') + 1)..]}");

    // dom1/vbd/768, /local/domain/1/device/vbd/768, backend/vbd/1/768
    [GeneratedRegex(@"(?:\bdom(?<domain>\d+)/|/local/domain/(?<domain>\d+)/device/)(?<type>[a-z0-9]+)/(?<id>\d+)\b|\bbackend/(?<type>[a-z0-9]+)/(?<domain>\d+)/(?<id>\d+)\b")]
    private static partial Regex DevicePath();

    // w1 (net): 10 sent
    [GeneratedRegex(@"(?<name>[\w.-]+) \((?<kind>fio|net|store)\): ")]
    private static partial Regex Job();

    [GeneratedRegex(@"\bport (?<port>\d+)\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"^dom\d+$")]
    private static partial Regex DomainName();

    [GeneratedRegex(@"/(?<type>[a-z]+)-(?<domain>\d+)-(?<id>\d+)$")]
    private static partial Regex BackendName();

    [GeneratedRegex(@"^dom(?<domain>\d+)/xenbus/(?<type>[a-z]+)-(?<id>\d+)$")]
    private static partial Regex FrontendName();
}
