namespace XenActors.Simulation;

/// <summary>Reaches the codec of a type that implements it explicitly, or that is a type parameter.</summary>
public static class CodecOf
{
    public static void Encode<T, TSink>(in T value, ref TSink sink)
        where T : ICodec<T>
        where TSink : struct, ICodecSink, allows ref struct => T.Encode(in value, ref sink);

    public static T Decode<T>(ref CodecReader reader)
        where T : ICodec<T> => T.Decode(ref reader);

    /// <summary>Decodes a whole span: bytes left over are as wrong as bytes missing.</summary>
    public static T Decode<T>(ReadOnlySpan<byte> bytes)
        where T : ICodec<T>
    {
        var reader = new CodecReader(bytes);
        T value = T.Decode(ref reader);
        return reader.AtEnd ? value : throw new CodecException($"{reader.Remaining} bytes left over at byte {reader.Position}");
    }

    public static ulong Schema<T>()
        where T : ICodec<T> => T.Schema;
}
