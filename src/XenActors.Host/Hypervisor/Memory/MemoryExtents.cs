using System.Collections.Immutable;

namespace XenActors.Hypervisor.Memory;

/// <summary>Lists of extents as scatter-gather tables make them.</summary>
public static class MemoryExtents
{
    public static long Length(ImmutableArray<MemoryExtent> extents)
    {
        var length = 0L;
        foreach (var extent in extents)
        {
            length += extent.Length;
        }

        return length;
    }

    /// <summary>The part that begins after so many bytes and is so many bytes long; shorter where the extents end.</summary>
    public static ImmutableArray<MemoryExtent> Slice(ImmutableArray<MemoryExtent> extents, long skip, long length)
    {
        var slice = ImmutableArray.CreateBuilder<MemoryExtent>();
        foreach (var extent in extents)
        {
            if (skip >= extent.Length)
            {
                skip -= extent.Length;
                continue;
            }

            if (length == 0)
            {
                break;
            }

            var part = Math.Min(length, extent.Length - skip);
            slice.Add(new(extent.Address + (ulong)skip, (uint)part));
            (skip, length) = (0, length - part);
        }

        return slice.DrainToImmutable();
    }

    internal static string Text(ImmutableArray<MemoryExtent> extents) => extents.Length == 1
        ? $"@{extents[0].Address:x} +{extents[0].Length}"
        : $"{extents.Length} extents +{Length(extents)}";
}
