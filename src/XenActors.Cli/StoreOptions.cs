using System.Globalization;
using System.Text;
using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary>Which store a xenstore command works on: our own options among the real tool's.</summary>
internal sealed class StoreOptions
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units = [("ns", 1), ("us", 1e3m), ("ms", 1e6m), ("s", 1e9m), ("", 1e9m)];

    private readonly List<string> given = [];

    public string? Socket { get; private set; }

    /// <summary>The store is one of a past that can be run again, not a daemon's.</summary>
    public bool Simulated => Scenario.Count > 0 || Recording is not null;

    public List<string> Scenario { get; } = [];

    public string? Recording { get; private set; }

    public string Kernel { get; private set; } = "debian12-6.1";

    public string? Host { get; private set; }

    public ulong Seed { get; private set; } = 1;

    public VirtualDuration? At { get; private set; }

    /// <summary>What the tool itself is to read.</summary>
    public List<string> Rest { get; } = [];

    /// <param name="arguments">The command line; bytes as Latin-1 characters.</param>
    /// <exception cref="UserErrorException">An option lacks its value, or has a wrong one, or does not go with the others.</exception>
    public static StoreOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new StoreOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--")
            {
                options.Rest.AddRange(arguments.Skip(i));
                break;
            }

            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (name is not ("--socket" or "--scenario" or "--recording" or "--kernel" or "--host" or "--seed" or "--at"))
            {
                options.Rest.Add(arguments[i]);
                continue;
            }

            if (equals < 0 && i + 1 == arguments.Count) throw new UserErrorException($"{name}: expected a value but found nothing");
            var value = equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..];
            if (value.Length == 0) throw new UserErrorException($"{name}: expected a value but found nothing");
            options.Set(name, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value)));
            options.given.Add(name);
        }

        options.Check();
        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--socket":
                Socket = value;
                break;
            case "--scenario":
                Scenario.Add(value);
                break;
            case "--recording":
                Recording = value;
                break;
            case "--kernel":
                Kernel = value;
                break;
            case "--host":
                Host = value;
                break;
            case "--seed":
                Seed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                    ? seed
                    : throw new UserErrorException($"--seed: '{value}' is not a whole number from 0 to {ulong.MaxValue}");
                break;
            default:
                At = Time(value);
                break;
        }
    }

    private void Check()
    {
        var stores = given.FindAll(name => name is "--socket" or "--scenario" or "--recording").Distinct().ToList();
        if (stores.Count > 1) throw new UserErrorException($"{string.Join(", ", stores)}: expected one of them");
        if (Scenario.Count == 0 && given.Find(name => name is "--kernel" or "--host" or "--seed") is { } name) throw new UserErrorException($"{name}: goes with --scenario");
        if (Scenario.Count == 0 && Recording is null && At is not null) throw new UserErrorException("--at: goes with --scenario or --recording");
    }

    private static VirtualDuration Time(string text)
    {
        foreach (var (unit, nanoseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)
                || !decimal.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > long.MaxValue / nanoseconds / 2) continue;
            return VirtualDuration.FromNanoseconds((long)(number * nanoseconds));
        }

        throw new UserErrorException($"--at: expected a time such as 1.5s or 200ms but found {text}");
    }
}
