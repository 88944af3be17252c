namespace XenActors.Simulation;

/// <summary>
/// A plain-data type that can be written to any sink and read back from <see cref="ByteSink"/>'s bytes. Usually written by the generator
/// (<see cref="CodecAttribute"/>). A codec written by hand must give at least one item to the sink, because a
/// reader checks the count of a collection against the bytes that remain.
/// </summary>
public interface ICodec<TSelf>
{
    static abstract void Encode<TSink>(in TSelf value, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct;

    /// <exception cref="CodecException">The bytes are not such a value.</exception>
    static abstract TSelf Decode(ref CodecReader reader);

    /// <summary>
    /// A hash over the type's full name and its members' names and types, the same in every build of the same source,
    /// so that a node or a snapshot of another build is refused before its bytes are misread.
    /// </summary>
    static abstract ulong Schema { get; }
}
