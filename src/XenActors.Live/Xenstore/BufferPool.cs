using System.Buffers;

namespace XenActors.Live.Xenstore;

/// <summary>Buffers that clients hold only while something waits in them; the last one back is the next one out. One thread.</summary>
internal sealed class BufferPool
{
    public const int Size = 16 * 1024;

    private const int KeepMax = 256;

    private readonly Stack<byte[]> free = new();

    public byte[] Rent(int length)
    {
        if (length > Size) return ArrayPool<byte>.Shared.Rent(length);
        return free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size);
    }

    public void Return(byte[] buffer)
    {
        if (buffer.Length > Size) ArrayPool<byte>.Shared.Return(buffer);
        else if (buffer.Length == Size && free.Count < KeepMax) free.Push(buffer);
    }
}
