namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Parameters that several kinds have.</summary>
internal static class Shared
{
    public static FaultParameter Domain { get; } = new("domain", FaultValue.Domain, null, "a domain's name or number", "whose");

    public static FaultParameter Device { get; } =
        new("device", FaultValue.Device, null, "DOMAIN/DEVICE, as web/xvda or web/vif0", "which guest's device");

    /// <summary>Which end of a split device suffers.</summary>
    public static FaultParameter End { get; } = new("end", FaultValue.Choice, "back", "back|front", "the end that it happens to");

    public static FaultParameter Volume { get; } = new("volume", FaultValue.Volume, "all", "a volume's path, or all", "which volume of the host");

    public static FaultParameter Probability { get; } = Chance("1", "chance for each message");

    public static FaultParameter Chance(string usual, string meaning) =>
        new("probability", FaultValue.Probability, usual, "a number from 0 to 1", meaning) { Most = 1 };

    public static FaultParameter Count(string usual, string meaning = "after so many times it is over") =>
        new("count", FaultValue.Count, usual, "a whole number from 1, or unlimited", meaning) { Least = 1 };

    public static FaultParameter Time(string name, string usual, string meaning) => new(name, FaultValue.Duration, usual, "a time as 5ms", meaning);

    /// <summary>The actors of a device's end, by path.</summary>
    public static IReadOnlyList<string> Paths(this FaultWork work, DevicePlace device) => work.Settings.Text("end") == "back" ? device.Back : [device.Front];

    /// <summary>The domain in which a device's end is.</summary>
    public static ushort Place(this FaultWork work, DevicePlace device) => work.Settings.Text("end") == "back" ? (ushort)0 : device.Domain;
}
