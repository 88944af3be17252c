using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>References that drivers hold: claimed for a page, and released when its access has ended.</summary>
public sealed partial class GrantTableActor
{
    public void On(in GrantHeldPages m)
    {
        var held = HeldBy(Sender);
        var refs = new List<uint>();
        if (held is null || m.Count < 0 || m.Count > held.Refs.Count || m.Offset + m.Bytes.Length > m.Count * Gfn.PageSize)
        {
            Context.Tell(Sender, new HeldPagesGranted(m.Cookie, refs));
            return;
        }

        var at = -m.Offset;
        for (var i = 0; i < m.Count; i++)
        {
            var page = new byte[Gfn.PageSize];
            var from = Math.Max(0, at);
            var to = Math.Min(m.Bytes.Length, at + Gfn.PageSize);
            if (to > from)
            {
                m.Bytes.Span[from..to].CopyTo(page.AsSpan(from - at));
            }

            at += Gfn.PageSize;
            State.Table.GrantWith(held.Refs[i], m.To, page, m.ReadOnly, Sender);
            refs.Add(held.Refs[i]);
        }

        held.Refs.RemoveRange(0, m.Count);
        Context.Tell(Sender, new HeldPagesGranted(m.Cookie, refs));
    }

    public void On(in EndHeldAccess m)
    {
        var held = HeldBy(Sender);
        var total = 0;
        foreach (var extent in m.Extents)
        {
            total += extent.Length;
        }

        var data = new byte[total];
        var (at, stillMapped) = (0, 0);
        foreach (var extent in m.Extents)
        {
            if (held is null || !State.Table.EndWith(extent.Ref, Sender, out var page))
            {
                stillMapped++;
            }
            else
            {
                // gnttab_release_grant_reference: the next one claimed.
                held.Refs.Insert(0, extent.Ref);
                if (extent.Offset + extent.Length <= Gfn.PageSize)
                {
                    page.AsSpan(extent.Offset, extent.Length).CopyTo(data.AsSpan(at));
                }
            }

            at += extent.Length;
        }

        Context.Tell(Sender, new HeldAccessEnded(m.Cookie, stillMapped, data));
    }

    private HeldReferences? HeldBy(ActorRef driver)
    {
        foreach (var held in State.Held)
        {
            if (held.Driver == driver)
            {
                return held;
            }
        }

        return null;
    }
}
