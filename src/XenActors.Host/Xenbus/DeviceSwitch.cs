using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

/// <summary>
/// One end of a split device as xenbus sees it: its node, its peer's, its own state, and how a state is written: in a transaction
/// that reads it first, so that a removed node is never brought back (<c>xenbus_switch_state</c>).
/// </summary>
[Codec]
public sealed partial class DeviceSwitch
{
    /// <summary>As <c>device/vbd/768</c> or <c>backend/vbd/29/768</c>, relative to the own domain.</summary>
    public required string Node { get; set; }

    /// <summary>The other end's node, absolute; empty until it was read.</summary>
    public string Other { get; set; } = "";

    public ushort OtherDomain { get; set; }

    public XenbusState State { get; set; } = XenbusState.Initialising;

    public XenbusState OtherState { get; set; }

    /// <summary>The own state is being read, within the transaction that changes it.</summary>
    private bool Checking { get; set; }

    /// <summary>As <c>vbd</c>.</summary>
    public string Type => Node.Split('/')[1];

    /// <summary>As <c>vbd-768</c> (frontend) or <c>vbd-29-768</c> (backend).</summary>
    public string BusId => string.Join('-', Node.Split('/')[1..]);

    public string Path(string key) => $"{Node}/{key}";

    public string OtherPath(string key) => $"{Other}/{key}";

    /// <summary>Begins the state's transaction: read, and start.</summary>
    public void BeginSwitch(ActorContext context, XenstoreClient xs)
    {
        xs.Begin(context);
    }

    /// <summary>
    /// With the transaction open: reads the own state, then writes the new one and commits; a node that is gone is left alone. False while
    /// the answer to the read is out: call again when it is in.
    /// </summary>
    public bool FinishSwitch(ActorContext context, XenstoreClient xs, XenbusState to)
    {
        Checking = !Checking;
        if (Checking)
        {
            xs.Read(context, Path("state"));
            return false;
        }

        var exists = xs.Number(Path("state")) is not null;
        if (exists)
        {
            xs.Write(context, Path("state"), ((int)to).ToString(CultureInfo.InvariantCulture));
        }

        xs.End(context, commit: exists);
        State = to;
        return true;
    }
}
