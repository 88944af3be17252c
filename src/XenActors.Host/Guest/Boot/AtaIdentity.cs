using System.Buffers.Binary;
using System.Numerics;

namespace XenActors.Guest.Boot;

/// <summary>The 512 bytes of IDENTIFY DEVICE and IDENTIFY PACKET DEVICE, by their word numbers (ATA8-ACS).</summary>
internal static class AtaIdentity
{
    private const int FirmwareWord = 23;
    private const int FirmwareWords = 4;
    private const int ModelWord = 27;
    private const int ModelWords = 20;
    private const int CapabilitiesWord = 49;
    private const int MultipleWord = 59;
    private const int SectorsWord = 60;
    private const int MajorWord = 80;
    private const int FeaturesWord = 83;
    private const int EnabledWord = 85;
    private const int Sectors48Word = 100;
    private const int TrimWord = 169;

    public static AtaDrive Read(byte channel, byte position, byte[] data)
    {
        var packet = Word(data, 0) >> 14 == 2;
        var lba48 = !packet && (Word(data, FeaturesWord) & (1 << 10)) != 0;
        var sectors = packet ? 0 : lba48
            ? BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(Sectors48Word * 2))
            : BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(SectorsWord * 2));
        var multiple = Word(data, MultipleWord);
        var major = Word(data, MajorWord);
        return new(
            channel,
            position,
            packet,
            Text(data, ModelWord, ModelWords),
            Text(data, FirmwareWord, FirmwareWords),
            sectors,
            major is 0 or 0xFFFF ? 0 : BitOperations.Log2(major),
            (multiple & 0x100) != 0 ? multiple & 0xFF : 0,
            lba48)
        {
            WriteCache = !packet && (Word(data, EnabledWord) & (1 << 5)) != 0,
            Trim = !packet && (Word(data, TrimWord) & 1) != 0,
            Dma = (Word(data, CapabilitiesWord) & (1 << 8)) != 0,
        };
    }

    private static ushort Word(byte[] data, int word) => BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(word * 2));

    // Each word holds its first letter in the upper byte.
    private static string Text(byte[] data, int word, int words)
    {
        var letters = new char[words * 2];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)data[(word * 2) + (i ^ 1)];
        }

        return new string(letters).Trim(' ', '\0');
    }
}
