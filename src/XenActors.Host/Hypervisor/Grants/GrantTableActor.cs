using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

[Codec]
public sealed partial class GrantTableState
{
    public required ushort Domain { get; set; }

    public GrantTable Table { get; set; } = new();
}

/// <summary>One domain's grant table: its own drivers grant here, other domains map here.</summary>
public sealed class GrantTableActor : Actor<GrantTableState>
{
    public void On(in SetupReservedGrants m)
    {
        State.Table.Reserve(GrantRef.Console.Value, 0);
        State.Table.Reserve(GrantRef.Xenstore.Value, 0);
    }

    public void On(in GrantPages m)
    {
        var refs = new List<uint>();
        for (var at = 0; at < m.Pages.Length; at += Gfn.PageSize)
        {
            var page = m.Pages.AsSpan(at, Gfn.PageSize).ToArray();
            if (!State.Table.Grant(m.To, page, m.ReadOnly, m.Shared, Sender, out var reference))
            {
                // All or nothing: the caller asked for the whole buffer.
                refs.ForEach(r => State.Table.End(r));
                refs.Clear();
                break;
            }

            refs.Add(reference);
        }

        Context.Tell(Sender, new PagesGranted(m.Cookie, refs));
    }

    public void On(in EndAccess m)
    {
        var pages = new byte[m.Refs.Count * Gfn.PageSize];
        var stillMapped = 0;
        for (var i = 0; i < m.Refs.Count; i++)
        {
            if (State.Table.End(m.Refs[i]) is { } page)
            {
                page.CopyTo(pages, i * Gfn.PageSize);
            }
            else
            {
                stillMapped++;
            }
        }

        Context.Tell(Sender, new AccessEnded(m.Cookie, stillMapped, pages));
    }

    public void On(in MapGrants m)
    {
        var statuses = new List<GnttabStatus>();
        var handles = new List<uint>();
        var pages = new byte[m.Refs.Count * Gfn.PageSize];
        var owner = ActorRef.None;
        for (var i = 0; i < m.Refs.Count; i++)
        {
            var status = State.Table.Map(m.Refs[i], m.By, m.ReadOnly, out var handle);
            statuses.Add(status);
            handles.Add(handle);
            if (status == GnttabStatus.Okay)
            {
                var entry = State.Table.Entries[m.Refs[i]];
                entry.Page.CopyTo(pages, i * Gfn.PageSize);
                if (entry.Shared)
                {
                    owner = entry.Owner;
                    Context.Tell(entry.Owner, new SharedPageMapped(m.Refs[i], Sender));
                }
            }
        }

        Context.Tell(Sender, new MapGrantsResult(m.Cookie, statuses, handles, pages, owner));
    }

    public void On(in UnmapGrants m)
    {
        var statuses = new List<GnttabStatus>();
        for (var i = 0; i < m.Handles.Count; i++)
        {
            // A mapper that sends fewer bytes than pages has written to none of the rest.
            var written = m.Written is null || m.Written.Length < (i + 1) * Gfn.PageSize ? default : m.Written.AsSpan(i * Gfn.PageSize, Gfn.PageSize);
            statuses.Add(State.Table.Unmap(m.Handles[i], m.By, written));
        }

        Context.Tell(Sender, new UnmapGrantsResult(m.Cookie, statuses));
    }
}
