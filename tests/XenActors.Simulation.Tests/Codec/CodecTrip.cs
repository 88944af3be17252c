using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Codec;

internal static class CodecTrip
{
    public static byte[] Bytes<T>(T value)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer(capacity: 0);
        var sink = new ByteSink(buffer);
        T.Encode(in value, ref sink);
        return buffer.ToArray();
    }

    public static T Round<T>(T value)
        where T : ICodec<T> => CodecOf.Decode<T>(Bytes(value));
}
