using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>What a drive remembers of SMART; it does so over resets.</summary>
[Codec]
public sealed partial class AtaSmartState
{
    public bool Enabled { get; set; } = true;

    public bool Autosave { get; set; } = true;

    /// <summary>Of the 21 places in the self-test log.</summary>
    public int SelfTests { get; set; }

    public byte[] SelfTestLog { get; set; } = [];
}
