using XenActors.Simulation;

namespace XenActors.Guest.Net;

/// <summary>A network device of the guest.</summary>
[Codec]
public sealed partial record GuestNic(string Name, string DriverName, string BusInfo, string Mac, ActorRef Driver)
{
    /// <summary>The address of a vif whose front end was given none.</summary>
    public const string ZeroMac = "00:00:00:00:00:00";
}
