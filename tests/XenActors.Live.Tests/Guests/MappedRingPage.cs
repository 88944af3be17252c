using System.IO.MemoryMappedFiles;
using XenActors.Abi;
using XenActors.Xenstore.Ring;

namespace XenActors.Tests.Live.Guests;

/// <summary>A ring page as a guest has it: a mapping of the file that the daemon shares.</summary>
internal sealed class MappedRingPage : IXenstoreRingPage, IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public MappedRingPage(string path)
    {
        using (var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.SetLength(Gfn.PageSize);
        }

        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, Gfn.PageSize);
        view = file.CreateViewAccessor();
    }

    /// <summary>A field of 32 bits.</summary>
    public uint this[int offset]
    {
        get => view.ReadUInt32(offset);
        set => view.Write(offset, value);
    }

    public bool TryLoad(out XenstoreRingIndices indices)
    {
        indices = new(
            this[XenstoreDomainInterface.ReqConsOffset], this[XenstoreDomainInterface.ReqProdOffset],
            this[XenstoreDomainInterface.RspConsOffset], this[XenstoreDomainInterface.RspProdOffset]);
        return true;
    }

    public bool TryRead(int offset, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = view.ReadByte(offset + i);
        return true;
    }

    public bool TryWrite(int offset, ReadOnlySpan<byte> from)
    {
        for (var i = 0; i < from.Length; i++) view.Write(offset + i, from[i]);
        return true;
    }

    public bool TryAdvance(int offset, uint by)
    {
        this[offset] = unchecked(this[offset] + by);
        return true;
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
