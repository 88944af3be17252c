using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>The message that is arriving through a ring, piece by piece: it may be four times as long as the ring.</summary>
[Codec]
internal sealed partial class RingInput
{
    // What is usual fits; a long message's buffer goes with it.
    private const int Usual = 512;

    private byte[] buffer = new byte[Usual];
    private int length;

    public XsdSockmsg Header => XsdSockmsg.Read(buffer);

    public ReadOnlySpan<byte> Payload => buffer.AsSpan(XsdSockmsg.SizeOf, length - XsdSockmsg.SizeOf);

    public bool IsComplete => length >= XsdSockmsg.SizeOf && length == Whole;

    /// <summary>How many bytes are missing, of the header before anything else.</summary>
    public int Missing => (length < XsdSockmsg.SizeOf ? XsdSockmsg.SizeOf : Whole) - length;

    private int Whole => XsdSockmsg.SizeOf + (int)Header.Len;

    /// <summary>Where the next bytes belong; <see cref="Took"/> says that they are there.</summary>
    public Span<byte> Room(int bytes) => buffer.AsSpan(length, bytes);

    /// <summary>False: the header that is now complete announces more than a message may carry.</summary>
    public bool Took(int bytes)
    {
        length += bytes;
        if (length != XsdSockmsg.SizeOf) return true;
        if (Header.Len > XenstoreLimits.PayloadMax) return false;
        if (Whole > buffer.Length) Array.Resize(ref buffer, Whole);
        return true;
    }

    /// <summary>On to the next message.</summary>
    public void Clear()
    {
        length = 0;
        if (buffer.Length > Usual) buffer = new byte[Usual];
    }
}
