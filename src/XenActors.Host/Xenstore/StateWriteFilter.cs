using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>What a trace reduced to states keeps: writes of state, online, hotplug and error nodes, removals and introductions.</summary>
internal static class StateWriteFilter
{
    /// <summary>The line as the daemon's trace has it, without its parentheses; null when it is not kept.</summary>
    public static string? Line(in XsRequest request) => request.Type switch
    {
        XsWireType.Write when Keeps(request.Payload) => "WRITE " + Text(request),
        XsWireType.Rm => "RM " + Text(request),
        XsWireType.Introduce => "INTRODUCE " + Text(request),
        _ => null,
    };

    private static string Text(in XsRequest request) => XsText.Of(request.Payload).TrimEnd(' ');

    private static bool Keeps(ReadOnlySpan<byte> payload)
    {
        var end = payload.IndexOf((byte)0);
        var path = end < 0 ? payload : payload[..end];
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return name.SequenceEqual("state"u8) || name.SequenceEqual("online"u8) || name.SequenceEqual("hotplug-status"u8)
            || name.SequenceEqual("hotplug-error"u8) || name.SequenceEqual("tty"u8) || name.SequenceEqual("error"u8)
            || name.SequenceEqual("shutdown"u8) || name.SequenceEqual("availability"u8);
    }
}
