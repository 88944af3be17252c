using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// The pages of a guest that its grants name, by frame number. A guest's other memory is not kept: what is not here is no RAM to a mapper.
/// </summary>
[Codec]
public sealed partial class GuestFrames
{
    /// <summary>Drivers' pages lie one after the other from here on, far above what a kernel image takes.</summary>
    public const ulong First = 0x10000;

    private List<byte[]> Pages { get; set; } = [];

    private List<int> Free { get; set; } = [];

    /// <summary>Pages with frames of their own: the store's and the console's rings.</summary>
    private SortedDictionary<ulong, byte[]> Special { get; set; } = [];

    /// <summary>A page gets a frame.</summary>
    public ulong Add(byte[] page)
    {
        if (Free.Count > 0)
        {
            var slot = Free[^1];
            Free.RemoveAt(Free.Count - 1);
            Pages[slot] = page;
            return First + (ulong)slot;
        }

        Pages.Add(page);
        return First + (ulong)(Pages.Count - 1);
    }

    /// <summary>A page at a frame that somebody else has chosen.</summary>
    public void Put(ulong frame, byte[] page)
    {
        if (frame >= First && frame - First < (ulong)Pages.Count)
        {
            Pages[(int)(frame - First)] = page;
        }
        else
        {
            Special[frame] = page;
        }
    }

    /// <summary>Null where there is no RAM.</summary>
    public byte[]? Find(ulong frame)
    {
        if (frame >= First && frame - First < (ulong)Pages.Count)
        {
            return Pages[(int)(frame - First)] is { Length: > 0 } page ? page : null;
        }

        return Special.GetValueOrDefault(frame);
    }

    /// <summary>The page leaves; its frame may be used for another. Empty when there was none.</summary>
    public byte[] Remove(ulong frame)
    {
        if (frame >= First && frame - First < (ulong)Pages.Count)
        {
            var slot = (int)(frame - First);
            var page = Pages[slot];
            Pages[slot] = [];
            Free.Add(slot);
            return page;
        }

        return Special.Remove(frame, out var special) ? special : [];
    }
}
