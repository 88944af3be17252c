namespace XenActors.Experiments.Faults;

/// <summary>How a fault's parameter is written.</summary>
public enum FaultValue
{
    /// <summary>A domain by its name or number; <c>dom0</c> too.</summary>
    Domain,

    /// <summary>A guest's device: <c>web/xvda</c>, <c>web/vif0</c>, <c>1/768</c>.</summary>
    Device,

    /// <summary>A logical process: <c>dom1</c>, <c>host-a</c>.</summary>
    Place,

    /// <summary>A volume by the path that the host knows it by.</summary>
    Volume,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>From 0 to 1.</summary>
    Probability,

    /// <summary>A number and <c>ns</c>, <c>us</c>, <c>ms</c>, <c>s</c> or <c>m</c>.</summary>
    Duration,

    Text,
}
