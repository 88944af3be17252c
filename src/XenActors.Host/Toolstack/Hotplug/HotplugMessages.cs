using XenActors.Simulation;

namespace XenActors.Toolstack.Hotplug;

/// <summary>To a bridge: <c>brctl addif</c>; frames from and to this port pass from now on. A vif's port, or a tap's (<c>-emu</c>).</summary>
[Codec]
public readonly partial record struct BridgePortAdded(string Bridge, string Port);

/// <summary>To a bridge: the port's device is gone.</summary>
[Codec]
public readonly partial record struct BridgePortRemoved(string Bridge, string Port);

/// <summary>From a script to the toolstack that runs it; a failed script's words are its <c>hotplug-error</c>.</summary>
[Codec]
public readonly partial record struct ScriptEnded(string BackendPath, bool Ok, string Error);

/// <summary>A script's working time is over.</summary>
/// <param name="Error">What stopped it before it did anything (a tool that is missing, a full disk); null when nothing did.</param>
[Codec]
public readonly partial record struct ScriptWorked(string? Error = null);
