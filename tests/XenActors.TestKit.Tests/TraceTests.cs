using XenActors.Simulation;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit;

public sealed class TraceTests : EchoTest
{
    [Fact]
    public void The_trace_can_be_asked_for_lines_and_their_order()
    {
        Started().Send(Echo, new Ask(8));
        Advance(VirtualDuration.FromMilliseconds(9));
        Trace.AssertContains("Ask { Number = 8 }");
        Trace.AssertOrder("server/echo <- outside Start", "server/echo <- client/probe1 Ask", "client/probe1 <- server/echo Answer");
        var failure = Assert.ThrowsAny<XunitException>(() => Trace.AssertOrder("Answer", "Ask"));
        Assert.StartsWith("the trace has no \"Ask\" after \"Answer\"", failure.Message);
    }
}
