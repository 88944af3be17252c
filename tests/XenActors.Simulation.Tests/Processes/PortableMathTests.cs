using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Processes;

public sealed class PortableMathTests
{
    [Fact]
    public void Log_agrees_with_the_platforms_log()
    {
        var random = new RandomStream(1, "log");
        for (var i = 0; i < 200_000; i++)
        {
            var value = i % 2 == 0
                ? random.NextDouble() + 1e-300
                : BitConverter.Int64BitsToDouble(random.NextBetween(0x0010000000000000, 0x7FEFFFFFFFFFFFFF));
            Near(value);
        }

        foreach (var edge in new[] { 1.0, 2.0, 0.5, Math.BitDecrement(1.0), Math.BitIncrement(1.0), 1.0 / (1UL << 53), double.MaxValue, 2.2250738585072014E-308 })
        {
            Near(edge);
        }
    }

    private static void Near(double value)
    {
        var expected = Math.Log(value);
        Assert.InRange(PortableMath.Log(value), expected - 1e-11, expected + 1e-11);
    }
}
