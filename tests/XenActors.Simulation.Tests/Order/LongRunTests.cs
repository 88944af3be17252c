using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Order;

public sealed class LongRunTests
{
    /// <summary>Window numbers pass 2^31 after two seconds of one-nanosecond windows; they are 64 bits wide.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void Window_numbers_above_31_bits_keep_the_order(long lookahead)
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(lookahead) };
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var start = lookahead << 32;
        for (var i = 9; i >= 0; i--)
        {
            simulator.TellAt(new VirtualTime(start + (i * lookahead)), log, new Note(i));
        }

        simulator.Run();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{start + (i * lookahead)}: {i}"), simulator.StateOf<LogState>(log)!.Lines);
    }
}
