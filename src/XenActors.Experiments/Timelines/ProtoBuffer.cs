using System.Buffers.Binary;
using System.Text;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// Bytes of protocol buffer messages, written front to back (protobuf.dev/programming-guides/encoding). A nested message's length is written
/// in four bytes, which a varint may be: it is known only at its end.
/// </summary>
internal sealed class ProtoBuffer
{
    private const int LengthBytes = 4;

    private const int WireVarint = 0;
    private const int WireFixed64 = 1;
    private const int WireBytes = 2;

    private byte[] _bytes = new byte[1 << 16];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public int Count => _count;

    public void Clear() => _count = 0;

    public void Unsigned(int field, ulong value)
    {
        Tag(field, WireVarint);
        Varint(value);
    }

    /// <summary>int64 and int32: a negative one takes ten bytes.</summary>
    public void Signed(int field, long value) => Unsigned(field, unchecked((ulong)value)); // Two's complement, as the encoding has it.

    public void Fixed64(int field, ulong value)
    {
        Tag(field, WireFixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
    }

    public void Text(int field, string value)
    {
        Tag(field, WireBytes);
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Begins a nested message; its place is for <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, WireBytes);
        Take(LengthBytes);
        return _count;
    }

    public void End(int begin)
    {
        var length = _count - begin;
        for (var i = 0; i < LengthBytes; i++)
        {
            var last = i == LengthBytes - 1;
            _bytes[begin - LengthBytes + i] = (byte)((length & 0x7f) | (last ? 0 : 0x80));
            length >>= 7;
        }
    }

    private void Tag(int field, int wire) => Varint(((ulong)(uint)field << 3) | (uint)wire);

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)((value & 0x7f) | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    private Span<byte> Take(int count)
    {
        if (_count + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + count));
        }

        _count += count;
        return _bytes.AsSpan(_count - count, count);
    }
}
