using XenActors.Live.Hosts;
using XenActors.Live.Xenstore;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Hosts;

// What holds for clients of the bare store holds for clients of a simulated host.

public sealed class HostedConnectionTests : ConnectionTests
{
    internal override RunningServer Serve(XenstoreServerOptions? options = null) => Hosted.Serve(options);
}

public sealed class HostedFramingTests : FramingTests
{
    internal override RunningServer Serve(XenstoreServerOptions? options = null) => Hosted.Serve(options);
}

public sealed class HostedSlowReaderTests : SlowReaderTests
{
    internal override int InFlight => 65;

    internal override RunningServer Serve(XenstoreServerOptions? options = null) => Hosted.Serve(options);
}

internal static class Hosted
{
    public static RunningServer Serve(XenstoreServerOptions? options) => RunningHost.Start(
        options: new HostServerOptions { Socket = "", Speed = double.PositiveInfinity, Server = options ?? XenstoreServerOptions.Default });
}
