using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>A line of the kernel's log. The stamp counts nanoseconds since the kernel's clock began.</summary>
[Codec]
public readonly partial record struct LogLine(long Nanoseconds, string Text)
{
    /// <summary>As <c>dmesg</c> prints it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"[{Nanoseconds / 1_000_000_000,5}.{Nanoseconds / 1000 % 1_000_000:000000}] {Text}");
}
