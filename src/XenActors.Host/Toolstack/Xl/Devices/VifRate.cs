namespace XenActors.Toolstack.Xl;

/// <summary>A vif's credit: so many bytes in each interval.</summary>
public readonly record struct VifRate(ulong BytesPerInterval, uint IntervalUsecs);
