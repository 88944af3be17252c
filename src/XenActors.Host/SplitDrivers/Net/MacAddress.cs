using System.Buffers.Binary;
using System.Globalization;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net;

/// <summary>An Ethernet address, 48 bits; the first octet on the wire is the most significant.</summary>
[Codec]
public readonly partial record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    public const int SizeOf = 6;

    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>To more than one station: the lowest bit of the first octet.</summary>
    public bool IsGroup => (Value >> 40 & 1) != 0;

    /// <summary>01:80:c2:00:00:00 to :0f, which no bridge forwards. Source: IEEE 802.1D.</summary>
    public bool IsLinkLocal => Value >> 4 == 0x0180_C200_000;

    public static MacAddress Read(ReadOnlySpan<byte> from) =>
        new((ulong)BinaryPrimitives.ReadUInt32BigEndian(from) << 16 | BinaryPrimitives.ReadUInt16BigEndian(from[4..]));

    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, (uint)(Value >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)(Value & 0xFFFF));
    }

    /// <summary>Six pairs of hexadecimal digits with colons between; anything else is none.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        var parts = (text ?? "").Split(':');
        var value = 0UL;
        foreach (var part in parts)
        {
            if (parts.Length != SizeOf || part.Length != 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        address = new(value);
        return true;
    }

    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    public override string ToString()
    {
        var hex = Value.ToString("x12", CultureInfo.InvariantCulture);
        return $"{hex[..2]}:{hex[2..4]}:{hex[4..6]}:{hex[6..8]}:{hex[8..10]}:{hex[10..]}";
    }
}
