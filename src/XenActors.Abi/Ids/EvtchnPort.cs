namespace XenActors.Abi;

/// <summary>A domain's event-channel port; 0 is never a valid one. Source: <c>public/event_channel.h</c>.</summary>
public readonly record struct EvtchnPort(uint Value) : IComparable<EvtchnPort>
{
    /// <summary>No port.</summary>
    public static readonly EvtchnPort None = new(0);

    public bool IsValid => Value != 0;

    public int CompareTo(EvtchnPort other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
