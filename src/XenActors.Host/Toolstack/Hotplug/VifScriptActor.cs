using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Toolstack.Libxl;

namespace XenActors.Toolstack.Hotplug;

/// <summary><c>/etc/xen/scripts/vif-bridge</c>: puts a vif, or the tap of an emulated card, on its bridge.</summary>
public sealed class VifScriptActor : ScriptActor<VifScriptState>
{
    protected override void Advance()
    {
        switch (State.Step)
        {
            case VifScriptStep.Starting:
                Run(VifScriptStep.Reading, new StoreBatch().Read($"{State.Path}/vifname").Read($"{State.Path}/ip")
                    .Read($"{State.Path}/bridge").Read($"{State.Path}/mtu"));
                break;
            case VifScriptStep.Reading:
                Run(VifScriptStep.Writing, Attach());
                break;
            case VifScriptStep.Writing:
                State.Step = VifScriptStep.Ended;
                End();
                break;
            case VifScriptStep.Ended:
                break;
        }
    }

    private void Run(VifScriptStep next, StoreBatch batch)
    {
        State.Step = next;
        Run(batch);
    }

    private StoreBatch Attach()
    {
        var bridge = State.Xs.Text($"{State.Path}/bridge") ?? "";
        if (bridge.Length == 0)
        {
            State.Error = "Could not find bridge, and none was specified";
            return State.Tap
                ? new()
                : new StoreBatch().Write($"{State.Path}/hotplug-error", State.Error).Write($"{State.Path}/hotplug-status", "error");
        }

        if (!State.Bridge.IsNone)
        {
            Context.Tell(State.Bridge, new BridgePortAdded(bridge, State.Port));
        }

        var mtu = State.Xs.Text($"{State.Path}/mtu") ?? "1500"; // The bridge's own otherwise.
        if (!State.Tap && !State.Bridge.IsNone && int.TryParse(mtu, System.Globalization.CultureInfo.InvariantCulture, out var bytes) && bytes != EthernetHeader.Mtu)
        {
            Context.Tell(State.Bridge, new SetDeviceMtu(State.Port, bytes));
        }

        return State.Tap
            ? new()
            : new StoreBatch().Write($"{State.FrontPath}/mtu", mtu).Write($"{State.Path}/hotplug-status", "connected");
    }
}
