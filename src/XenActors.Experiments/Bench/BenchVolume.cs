using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using XenActors.Machine.Disks;

namespace XenActors.Experiments.Bench;

/// <summary>
/// One volume in memory, for measurements: no file's speed is in them. Its blocks of 4 KiB are never changed, only replaced, so a whole one is read
/// without a copy.
/// </summary>
internal sealed class BenchVolume : IVolumes
{
    public const string Path = "/dev/bench";

    private const int Bytes = 64 << 20;
    private const int BlockSize = 4096;
    private const int SectorSize = 512;
    private const int CacheLine = 64;

    private static readonly VolumeInfo Info = new(Bytes / SectorSize, true, "7:0", false, BlockSize, true) { Id = new(1) };

    private readonly byte[][] blocks = Contents();

    public VolumeInfo? Find(string path) => path == Path ? Info : null;

    public VolumeInfo? Find(VolumeId volume) => volume == Info.Id ? Info : null;

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        if (!Fits(offset, (ulong)data.Length))
        {
            return false;
        }

        for (var at = (int)offset; data.Length > 0;)
        {
            var part = Part(at, data.Length);
            part.CopyTo(data);
            data = data[part.Length..];
            at += part.Length;
        }

        return true;
    }

    public byte[]? Read(VolumeId volume, ulong offset, int length)
    {
        if (length == BlockSize && offset % BlockSize == 0 && Fits(offset, BlockSize))
        {
            var block = blocks[offset / BlockSize];
            AskFor(block);
            return block;
        }

        var data = GC.AllocateUninitializedArray<byte>(length);
        return Read(volume, offset, data.AsSpan()) ? data : null;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!Fits(offset, (ulong)data.Length))
        {
            return false;
        }

        for (var at = (int)offset; data.Length > 0;)
        {
            var length = Part(at, data.Length).Length;
            var block = blocks[at / BlockSize].AsSpan().ToArray();
            data[..length].CopyTo(block.AsSpan(at % BlockSize));
            blocks[at / BlockSize] = block;
            data = data[length..];
            at += length;
        }

        return true;
    }

    public bool Flush(VolumeId volume) => true;

    public bool Discard(VolumeId volume, ulong offset, ulong length) => Fits(offset, length) && Write(volume, offset, new byte[length]);

    private static bool Fits(ulong offset, ulong length) => offset <= Bytes && length <= Bytes - offset;

    // A hint: nobody looks at the block before the simulated disk has answered, and until then it can come from memory.
    private static unsafe void AskFor(byte[] block)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // Its length stands before its bytes.
        var address = *(byte**)Unsafe.AsPointer(ref block);
        for (var at = 0; at < BlockSize + CacheLine; at += CacheLine)
        {
            Sse.Prefetch1(address + at);
        }
    }

    // So many bytes from there, as far as one block has them.
    private ReadOnlySpan<byte> Part(int at, int length) =>
        blocks[at / BlockSize].AsSpan(at % BlockSize, Math.Min(length, BlockSize - (at % BlockSize)));

    // Every sector begins with its own number.
    private static byte[][] Contents()
    {
        var blocks = new byte[Bytes / BlockSize][];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new byte[BlockSize];
            for (var at = 0; at < BlockSize; at += SectorSize)
            {
                BinaryPrimitives.WriteInt32LittleEndian(blocks[i].AsSpan(at), ((i * BlockSize) + at) / SectorSize);
            }
        }

        return blocks;
    }
}
