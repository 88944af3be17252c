using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// One ring's pages of the frontend: which stay mapped between requests, when each was last in use, and what the frontend has written into
/// pages and nobody has read yet. By grant reference, in whose order Linux' tree is walked. Source: xen-blkback's <c>persistent_gnts</c>.
/// </summary>
[Codec]
public sealed partial class PersistentGrants
{
    /// <summary>Linux' <c>max_persistent_grants</c>: 32 requests with 32 segments and an indirect page each.</summary>
    public const int Max = 1056;

    // A reference beyond is no grant of any table; what is written "there" is left out.
    private const uint RefsMax = 1 << 17;

    private uint[] Handles { get; set; } = [];

    private GrantUse[] Uses { get; set; } = [];

    private long[] LastUsed { get; set; } = [];

    private ReadOnlyMemory<byte>[] Contents { get; set; } = [];

    private int ContentCount { get; set; }

    /// <summary>Pages that the frontend has written and nobody has read yet.</summary>
    public int Held => ContentCount;

    /// <summary>Pages that are mapped to stay.</summary>
    public int Count { get; private set; }

    /// <summary>A page could not be kept because there were <see cref="Max"/>.</summary>
    public bool Overflown { get; set; }

    /// <summary>When the next look at the list is due, in nanoseconds; 0 when none is.</summary>
    public long LookDue { get; set; }

    /// <summary>get_persistent_gnt: claims a mapped page; false when it is not mapped, or in use already.</summary>
    public bool Claim(uint reference)
    {
        if (reference >= (uint)Uses.Length || Uses[reference] != GrantUse.Idle)
        {
            return false;
        }

        Uses[reference] = GrantUse.Active;
        return true;
    }

    /// <summary>add_persistent_gnt: a page that was just mapped stays, and is in use. False when it cannot.</summary>
    public bool Add(uint reference, uint handle)
    {
        if (Count >= Max)
        {
            Overflown = true;
            return false;
        }

        if (!Fit(reference) || Uses[reference] != GrantUse.None)
        {
            return false;
        }

        Uses[reference] = GrantUse.Active;
        Handles[reference] = handle;
        Count++;
        return true;
    }

    public void Release(uint reference, long now)
    {
        Uses[reference] = GrantUse.Idle;
        LastUsed[reference] = now;
    }

    /// <summary>The frontend has written into a page, mapped or not. There are never more of these than it can have asked for.</summary>
    public void Write(uint reference, int offset, ReadOnlyMemory<byte> bytes, int most)
    {
        if (offset + bytes.Length > Abi.Gfn.PageSize || !Fit(reference))
        {
            return;
        }

        var old = Contents[reference];
        if (old.IsEmpty)
        {
            if (ContentCount >= most)
            {
                return;
            }

            ContentCount++;
        }

        Contents[reference] = PageBytes.Overwrite(old, offset, bytes);
    }

    /// <summary>What the frontend has written since the page was last looked at; empty when nothing.</summary>
    public ReadOnlyMemory<byte> TakeContent(uint reference)
    {
        if (reference >= (uint)Contents.Length || Contents[reference].IsEmpty)
        {
            return default;
        }

        var content = Contents[reference];
        Contents[reference] = default;
        ContentCount--;
        return content;
    }

    /// <summary>
    /// purge_persistent_gnt: handles of pages that go, those that were not used for so long, and when the list had overflown, idle ones until
    /// there is room again.
    /// </summary>
    public List<uint> Purge(long now, long timeout, int room)
    {
        var clean = Count < Max || !Overflown ? 0 : Math.Min(Count, Count - Max + room);
        var handles = new List<uint>();
        for (uint reference = 0; reference < Uses.Length; reference++)
        {
            if (Uses[reference] == GrantUse.Idle && now - LastUsed[reference] >= timeout)
            {
                Drop(reference, handles);
            }
        }

        for (uint reference = 0; reference < Uses.Length && handles.Count < clean; reference++)
        {
            if (Uses[reference] == GrantUse.Idle)
            {
                Drop(reference, handles);
            }
        }

        if (handles.Count > 0)
        {
            Overflown = false;
        }

        return handles;
    }

    /// <summary>When the page that has been idle for longest was used, in nanoseconds; null when none is idle.</summary>
    public long? Oldest()
    {
        long? oldest = null;
        for (var reference = 0; reference < Uses.Length; reference++)
        {
            if (Uses[reference] == GrantUse.Idle && !(oldest <= LastUsed[reference]))
            {
                oldest = LastUsed[reference];
            }
        }

        return oldest;
    }

    /// <summary>free_persistent_gnts: the handles of all.</summary>
    public List<uint> Clear()
    {
        var handles = new List<uint>();
        for (uint reference = 0; reference < Uses.Length; reference++)
        {
            if (Uses[reference] != GrantUse.None)
            {
                Drop(reference, handles);
            }
        }

        Contents = [];
        ContentCount = 0;
        Uses = [];
        Handles = [];
        LastUsed = [];
        return handles;
    }

    private void Drop(uint reference, List<uint> handles)
    {
        handles.Add(Handles[reference]);
        Uses[reference] = GrantUse.None;
        Count--;
    }

    private bool Fit(uint reference)
    {
        if (reference >= RefsMax)
        {
            return false;
        }

        if (reference >= (uint)Uses.Length)
        {
            var length = Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(reference + 1));
            Handles = Grown(Handles, length);
            Uses = Grown(Uses, length);
            LastUsed = Grown(LastUsed, length);
            Contents = Grown(Contents, length);
        }

        return true;
    }

    private static T[] Grown<T>(T[] array, int length)
    {
        Array.Resize(ref array, length);
        return array;
    }
}

public enum GrantUse : byte
{
    None,
    Idle,
    Active,
}
