using System.Globalization;
using System.Text;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;
using XenActors.Xenstore;

namespace XenActors.Experiments.Scenarios;

/// <summary>Turns a file's moments into times and conditions of a run.</summary>
internal sealed class Moments(ScenarioMachine machine, ulong seed)
{
    /// <param name="name">Whose moment it is: it has a random stream of its own.</param>
    /// <param name="now">What <c>heal-after</c> counts from.</param>
    /// <exception cref="UserErrorException">A condition names something that the scenario does not have.</exception>
    public Happening Plan(FaultMoment moment, string name, string where, VirtualTime now, Action act)
    {
        var happening = new Happening(act);
        if (moment.At is { } at)
        {
            happening.Due = VirtualTime.Zero + at;
        }
        else if (moment.After is { } after)
        {
            happening.Due = now + after;
        }
        else if (moment.Between is { } between)
        {
            var random = new RandomStream(seed, $"moment {name}");
            happening.Due = VirtualTime.Zero + between.From + new VirtualDuration(random.Next(between.To.Nanoseconds - between.From.Nanoseconds));
        }
        else if (moment.On is { } condition)
        {
            happening.Condition = Break(condition, where);
        }

        return happening;
    }

    private Break Break(FaultCondition condition, string where) => condition switch
    {
        StoreCondition store => OnStore(store.Path, store.Value),
        DeviceCondition device => OnStore(
            $"{DevicePath(device, where)}/state", device.State.ToString(CultureInfo.InvariantCulture)),
        MessageCondition message => OnMessage(message),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private Break OnStore(string path, string value)
    {
        var bytes = Encoding.Latin1.GetBytes(value);
        return machine.Simulator.BreakOn<StoreChanged>((_, change) => change.Exists && change.Path == path && change.Value.Span.SequenceEqual(bytes));
    }

    private Break OnMessage(MessageCondition condition)
    {
        var count = 0;
        var pattern = condition.Actor;
        var simulator = machine.Simulator;
        return simulator.BreakOnMessage((at, type) =>
            type.Type.Name == condition.Message
            && (pattern == "*" || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, simulator.PathOf(at.Actor), ignoreCase: false))
            && Interlocked.Increment(ref count) == condition.Nth);
    }

    private string DevicePath(DeviceCondition device, string where)
    {
        var slash = device.Device.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || machine.Domain(device.Device[..slash]) is not { } domain)
        {
            throw new UserErrorException($"{where}: expected a domain of the scenario and a device, as web/xvda or web/vif0, but found '{device.Device}'");
        }

        var name = device.Device[(slash + 1)..];
        string type;
        uint number;
        if (name.StartsWith("vif", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            type = "vif";
        }
        else if (VirtualDevice.TryParse(name, out var disk))
        {
            (type, number) = ("vbd", disk.Number);
        }
        else
        {
            throw new UserErrorException($"{where}: expected a disk as xvda or a NIC as vif0 but found '{name}'");
        }

        return device.Back
            ? string.Create(CultureInfo.InvariantCulture, $"/local/domain/0/backend/{type}/{domain}/{number}")
            : string.Create(CultureInfo.InvariantCulture, $"/local/domain/{domain}/device/{type}/{number}");
    }
}
