using System.Globalization;

namespace XenActors.Simulation;

/// <summary>
/// A run's history in 64 bits: per logical process over (time, actor, message bytes), combined without order between the
/// processes. Equal for every engine and partition count, with tracing on or off, and across a snapshot.
/// </summary>
public readonly record struct Fingerprint(ulong Value)
{
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
