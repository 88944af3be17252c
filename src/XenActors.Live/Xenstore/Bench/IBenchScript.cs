using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>One of many clients of a load: it asks, waits for the reply, and asks again.</summary>
internal interface IBenchScript
{
    /// <summary>The next request; valid until the next call.</summary>
    ReadOnlySpan<byte> Next();

    /// <summary>Its reply; true when that completes a unit.</summary>
    bool Take(XsWireType type, ReadOnlySpan<byte> payload);
}
