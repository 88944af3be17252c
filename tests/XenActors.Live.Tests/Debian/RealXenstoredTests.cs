using XenActors.Abi;

namespace XenActors.Tests.Live.Debian;

public sealed class RealXenstoredTests
{
    [DebianFact(DebianNeeds.Daemon)]
    public void It_serves_and_ends_with_its_directory()
    {
        var real = new RealXenstored();
        using (var client = real.Connect())
        {
            Assert.Equal("OK|", client.Ask(XsWireType.Write, "/a|1"));
            Assert.Equal("1", client.Ask(XsWireType.Read, "/a|"));
            Assert.False(real.HasExited);
        }

        real.Dispose();
        Assert.False(Directory.Exists(real.RunDirectory));
    }
}
