using System.Globalization;

namespace XenActors.Toolstack.Xl;

/// <summary>Six octets, the first in the highest byte of 48 bits.</summary>
public readonly record struct MacAddress(ulong Bits)
{
    public byte this[int octet] => (byte)((Bits >> (8 * (5 - octet))) & 0xff);

    public MacAddress With(int octet, byte value)
    {
        var shift = 8 * (5 - octet);
        return new MacAddress((Bits & ~(0xffUL << shift)) | ((ulong)value << shift));
    }

    public override string ToString()
    {
        var octets = new string[6];
        for (var i = 0; i < octets.Length; i++)
        {
            octets[i] = this[i].ToString("x2", CultureInfo.InvariantCulture);
        }

        return string.Join(':', octets);
    }
}
