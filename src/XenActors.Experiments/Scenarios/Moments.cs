using System.Globalization;
using System.Text;
using XenActors.Experiments.Faults;
using XenActors.Simulation;
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
        StoreCondition store => OnStore(store.Path, store.Value, null),
        DeviceCondition device => OnStore(
            $"{DevicePath(device, where, out var host)}/state", device.State.ToString(CultureInfo.InvariantCulture), host),
        MessageCondition message => OnMessage(message),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    // A host's store; any host's when no domain says which.
    private Break OnStore(string path, string value, ScenarioSite? host)
    {
        var dom0 = host?.Machine.Xenstored.Process;
        var bytes = Encoding.Latin1.GetBytes(value);
        return machine.Simulator.BreakOn<StoreChanged>((at, change) => (dom0 is null || at.Actor.Process == dom0) && change.Exists && change.Path == path && change.Value.Span.SequenceEqual(bytes));
    }

    private Break OnMessage(MessageCondition condition)
    {
        var pattern = condition.Actor;
        var simulator = machine.Simulator;
        return simulator.BreakOnMessage(
            (at, type) => type.Type.Name == condition.Message
                && (pattern == "*" || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, simulator.PathOf(at.Actor), ignoreCase: false)),
            condition.Nth);
    }

    private string DevicePath(DeviceCondition device, string where, out ScenarioSite host)
    {
        var slash = device.Device.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || machine.Guest(device.Device[..slash]) is not { } guest)
        {
            throw new UserErrorException($"{where}: expected a domain of the scenario and a device, as web/xvda or web/vif0, but found '{device.Device}'");
        }

        host = guest.Site;
        var name = device.Device[(slash + 1)..];
        var place = DevicePlace.Named(guest.Domain, name, guest.Config) ?? throw new UserErrorException($"{where}: expected a disk as xvda or a NIC as vif0 but found '{name}'");
        return device.Back ? place.BackNode : place.FrontNode;
    }
}
