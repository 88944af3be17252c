using System.Collections.Immutable;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Memory;

/// <summary>
/// A guest's physical memory, as far as anybody has written it: pages of 4096 bytes by frame number. RAM ends below the hole for devices at
/// 0xf0000000 and goes on at 4 GiB, as hvmloader and libxenguest place it.
/// </summary>
[Codec]
public sealed partial class GuestMemory
{
    public const int PageSize = 4096;
    private const ulong HoleStart = 0xF0000000;
    private const ulong HoleEnd = 1UL << 32;

    /// <summary>Bytes of RAM.</summary>
    public ulong Size { get; set; }

    private SortedDictionary<ulong, byte[]> Pages { get; set; } = [];

    public byte[] Read(ImmutableArray<MemoryExtent> extents)
    {
        var data = new byte[MemoryExtents.Length(extents)];
        var at = 0;
        foreach (var extent in extents)
        {
            Read(extent.Address, data.AsSpan(at, (int)extent.Length));
            at += (int)extent.Length;
        }

        return data;
    }

    public void Write(ImmutableArray<MemoryExtent> extents, ReadOnlySpan<byte> data)
    {
        foreach (var extent in extents)
        {
            var length = (int)Math.Min(extent.Length, (uint)data.Length);
            Write(extent.Address, data[..length]);
            data = data[length..];
        }
    }

    public void Read(ulong address, Span<byte> data)
    {
        while (data.Length > 0)
        {
            var offset = (int)(address % PageSize);
            var part = Math.Min(PageSize - offset, data.Length);
            if (Pages.TryGetValue(address / PageSize, out var page))
            {
                page.AsSpan(offset, part).CopyTo(data);
            }
            else
            {
                data[..part].Clear();
            }

            data = data[part..];
            address = unchecked(address + (ulong)part); // A hostile address may wrap.
        }
    }

    public void Write(ulong address, ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var offset = (int)(address % PageSize);
            var part = Math.Min(PageSize - offset, data.Length);
            if (IsRam(address))
            {
                if (!Pages.TryGetValue(address / PageSize, out var page))
                {
                    Pages.Add(address / PageSize, page = new byte[PageSize]);
                }

                data[..part].CopyTo(page.AsSpan(offset));
            }

            data = data[part..];
            address = unchecked(address + (ulong)part); // A hostile address may wrap.
        }
    }

    /// <summary>The domain is destroyed: all of it goes back to the host.</summary>
    public void Release()
    {
        Size = 0;
        Pages.Clear();
    }

    public bool IsRam(ulong address) =>
        address < HoleStart ? address < Size : address >= HoleEnd && Size > HoleStart && address - HoleEnd < Size - HoleStart;
}
