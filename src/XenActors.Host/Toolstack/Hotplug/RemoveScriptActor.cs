using XenActors.Toolstack.Libxl;

namespace XenActors.Toolstack.Hotplug;

/// <summary>What scripts do when a device goes: a disk's loop device is let go of, a vif or tap leaves its bridge.</summary>
public sealed class RemoveScriptActor : ScriptActor<RemoveScriptState>
{
    protected override void Advance()
    {
        switch (State.Step)
        {
            case RemoveScriptStep.Starting:
                State.Step = RemoveScriptStep.Reading;
                Run(State.Kind == "block"
                    ? new StoreBatch().Read($"{State.Path}/type").Read($"{State.Path}/node")
                    : new StoreBatch().Read($"{State.Path}/vifname").Read($"{State.Path}/ip").Read($"{State.Path}/bridge"));
                break;
            case RemoveScriptStep.Reading:
                State.Step = RemoveScriptStep.Ended;
                Leave();
                End();
                break;
            case RemoveScriptStep.Ended:
                break;
        }
    }

    private void Leave()
    {
        if (State.Kind == "block" || State.Bridge.IsNone)
        {
            return;
        }

        var parts = State.Path.Split('/');
        var vif = State.Xs.Text($"{State.Path}/vifname") is { Length: > 0 } name ? name : $"vif{parts[2]}.{parts[3]}";
        Context.Tell(State.Bridge, new BridgePortRemoved(State.Xs.Text($"{State.Path}/bridge") ?? "", State.Kind == "tap" ? vif + "-emu" : vif));
    }
}
