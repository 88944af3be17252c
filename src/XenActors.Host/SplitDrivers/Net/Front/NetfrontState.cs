using XenActors.Abi;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Net.Front;

public enum NetfrontStep
{
    Probe,
    Watching,
    /// <summary>The backend's features and the own address are asked for, before the rings are made.</summary>
    Features,
    Resources,
    Settled,
}

[Codec]
public sealed partial class NetfrontState : IFrontendState
{
    public required DriverContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public NetfrontStep Step { get; set; }

    public string Mac { get; set; } = "";

    public bool SplitEventChannels { get; set; }

    public bool MultiQueue { get; set; }

    public FrontRing? Tx { get; set; }

    public FrontRing? Rx { get; set; }

    public uint TxRef { get; set; }

    public uint RxRef { get; set; }

    /// <summary>With one channel for both directions it is the same as <see cref="RxPort"/>.</summary>
    public uint TxPort { get; set; }

    public uint RxPort { get; set; }

    public static NetfrontState Create(DriverContext driver, string node) => new() { Driver = driver, Device = new DeviceSwitch { Node = node } };
}
