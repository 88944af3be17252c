namespace XenActors.Tests.Live.Hosts;

/// <summary>A clock that a test moves; it may also move by itself whenever somebody looks.</summary>
internal sealed class ManualClock(TimeSpan perLook = default) : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref ticks, perLook.Ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2024, 2, 29, 12, 30, 15, TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
