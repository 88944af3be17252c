using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>Folds what a codec writes into 64 bits: one rotation and one multiplication a word.</summary>
internal struct HashSink(ulong value) : ICodecSink
{
    public ulong Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unsigned(ulong value)
    {
        unchecked // A hash, modulo 2^64.
        {
            Value = ulong.RotateLeft((Value ^ value) * 0x9E3779B97F4A7C15, 31);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Signed(long value) => Unsigned(unchecked((ulong)value));

    public void Text(string? value)
    {
        if (value is null)
        {
            Unsigned(ulong.MaxValue);
            return;
        }

        Bytes(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        while (value.Length >= sizeof(ulong))
        {
            Unsigned(MemoryMarshal.Read<ulong>(value));
            value = value[sizeof(ulong)..];
        }

        if (value.Length > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            last.Clear();
            value.CopyTo(last);
            Unsigned(MemoryMarshal.Read<ulong>(last));
        }
    }
}
