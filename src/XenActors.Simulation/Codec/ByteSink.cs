using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>
/// Writes the bytes that <see cref="CodecReader"/> reads: LEB128 for unsigned numbers, zigzag for signed ones,
/// length-prefixed UTF-8 and length-prefixed bytes.
/// </summary>
public readonly struct ByteSink(CodecBuffer buffer) : ICodecSink
{
    public CodecBuffer Buffer => buffer;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unsigned(ulong value) => buffer.WriteUnsigned(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Signed(long value) => buffer.WriteSigned(value);

    public void Text(string? value) => buffer.WriteText(value);

    public void Bytes(ReadOnlySpan<byte> value) => buffer.WriteBytes(value);
}
