using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>How what was seen crosses to other nodes. Messages have codecs; a note may have none, as nothing else asks for one.</summary>
internal abstract class TapCodec<T>
{
    /// <summary>Found once for each type; null when it has no codec.</summary>
    public static readonly TapCodec<T>? Instance = typeof(ICodec<>).MakeGenericType(typeof(T)).IsAssignableFrom(typeof(T))
        ? (TapCodec<T>)RuntimeHelpers.GetUninitializedObject(typeof(CodedTap<>).MakeGenericType(typeof(T)))
        : null;

    public abstract void Encode(in T value, CodecBuffer to);

    public abstract T Decode(ref CodecReader from);
}

internal sealed class CodedTap<T> : TapCodec<T>
    where T : ICodec<T>
{
    public override void Encode(in T value, CodecBuffer to)
    {
        var sink = new ByteSink(to);
        T.Encode(in value, ref sink);
    }

    public override T Decode(ref CodecReader from) => T.Decode(ref from);
}
