using XenActors.Guest.Block;

namespace XenActors.Guest.Boot;

/// <summary>The answer to a channel's reset as the bytes of a <see cref="BootAnswer"/>.</summary>
internal static class AtaSignatures
{
    private const int Size = 5;

    public static BootAnswer Of(in AtaResetDone done) => new(0, 0, 0, 0, [.. Bytes(done.Master), .. Bytes(done.Slave)]);

    public static AtaSignature Read(in BootAnswer answer, int position)
    {
        var bytes = answer.Data.AsSpan(Size * position, Size);
        return new(bytes[0] != 0, bytes[1], bytes[2], bytes[3], bytes[4]);
    }

    private static byte[] Bytes(in AtaSignature s) => [s.Present ? (byte)1 : (byte)0, s.Error, s.LbaMid, s.LbaHigh, s.Status];
}
