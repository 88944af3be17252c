using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.SplitDrivers;

/// <summary>
/// GNTST_eagain, as dom0's kernel meets it for all its backends, and for QEMU's by way of gntdev: an operation of a batch that has met it is done again at
/// once, and then after sleeps of 1, 2, 3, ... 255 ms; the 255th time in vain is the last, and the driver sees GNTST_bad_page, 32.64 s after it asked.
/// The thread sleeps meanwhile. Source: Linux 3.7 and later, <c>drivers/xen/grant-table.c</c>, gnttab_retry_eagain_gop with MAX_DELAY 256.
/// </summary>
public abstract partial class BackendActor<TState>
{
    /// <summary>MAX_DELAY, in milliseconds: a sleep that would last so long is not slept any more.</summary>
    private const int MaxDelay = GrantRetry.Most + 1;

    /// <summary>The thread in which a bus' watches are served: rings are mapped there.</summary>
    protected const int XenwatchThread = -1;

    /// <summary>The call that an answer with this cookie is to, and whose it is; null when nobody waits for it any more.</summary>
    protected virtual MapGrants? MapOf(long cookie, out int thread)
    {
        thread = XenwatchThread;
        return null;
    }

    /// <summary>Likewise for a copy: one of the two.</summary>
    protected virtual (CopyFromGrants? From, CopyToGrants? To) CopyOf(long cookie, out int thread)
    {
        thread = XenwatchThread;
        return default;
    }

    /// <summary>A batch of maps is over, for better or worse.</summary>
    protected virtual void MapsDone(MapGrantsResult m)
    {
    }

    protected virtual void CopiesDone(CopyGrantsResult m)
    {
    }

    /// <summary>The thread sleeps from now on until <see cref="Woken"/>.</summary>
    protected virtual void Sleeps(int thread)
    {
    }

    protected virtual void Woken(int thread)
    {
    }

    /// <summary>A line for the log of the kernel in which the thread slept: it has given up.</summary>
    /// <param name="function">Which of the kernel's functions says so.</param>
    protected virtual void GaveUp(int thread, string function)
    {
    }

    public void On(in MapGrantsResult m)
    {
        if (State.Retries.Batches.Count > 0 && State.Retries.Find(m.Cookie, maps: true) is { } retry)
        {
            if (m.Statuses[0] == GnttabStatus.Okay)
            {
                retry.Handles[retry.At] = m.Handles[0];
                retry.Owner = m.Owner;
                m.Pages.CopyTo(retry.Data, retry.At * Gfn.PageSize);
            }

            Answer(retry, m.Statuses[0]);
        }
        else if (Driver.GrantRetries && m.Statuses.Contains(GnttabStatus.Eagain) && MapOf(m.Cookie, out var thread) is { } call)
        {
            Begin(new GrantRetry
            {
                Number = ++State.Retries.Last,
                Thread = thread,
                Map = call,
                Statuses = [.. m.Statuses],
                Handles = [.. m.Handles],
                Data = [.. m.Pages],
                Owner = m.Owner,
            });
        }
        else
        {
            MapsDone(m);
        }
    }

    public void On(in CopyGrantsResult m)
    {
        if (State.Retries.Batches.Count > 0 && State.Retries.Find(m.Cookie, maps: false) is { } retry)
        {
            if (retry.From is { } from && m.Statuses[0] == GnttabStatus.Okay)
            {
                m.Data.CopyTo(retry.Data, GrantRetry.OffsetOf(from.Extents, retry.At));
            }

            Answer(retry, m.Statuses[0]);
        }
        else if (Driver.GrantRetries && m.Statuses.Contains(GnttabStatus.Eagain) && CopyOf(m.Cookie, out var thread) is var (source, target) && (source is not null || target is not null))
        {
            Begin(new GrantRetry { Number = ++State.Retries.Last, Thread = thread, From = source, To = target, Statuses = [.. m.Statuses], Data = [.. m.Data] });
        }
        else
        {
            CopiesDone(m);
        }
    }

    public void On(in GrantRetryDue m)
    {
        var number = m.Number;
        if (State.Retries.Batches.Find(r => r.Number == number) is not { } retry)
        {
            return;
        }

        if (retry.Delay < MaxDelay)
        {
            Again(retry);
            return;
        }

        GaveUp(retry.Thread, retry.Map is null ? "gnttab_batch_copy" : retry.Thread == XenwatchThread ? "gnttab_batch_map" : "gnttab_map_refs");
        retry.Statuses[retry.At] = GnttabStatus.BadPage;
        Next(retry);
    }

    /// <summary>The connection is over, and who waited is gone: what has been mapped goes back.</summary>
    protected void DropRetries()
    {
        if (State.Retries.Batches.Count == 0)
        {
            return;
        }

        foreach (var retry in State.Retries.Batches)
        {
            List<uint> handles = [];
            for (var i = 0; i < retry.Handles.Count; i++)
            {
                if (retry.Statuses[i] == GnttabStatus.Okay)
                {
                    handles.Add(retry.Handles[i]);
                }
            }

            Release(handles);
        }

        State.Retries.Batches.Clear();
    }

    private void Begin(GrantRetry retry)
    {
        var first = State.Retries.OfThread(retry.Thread) is null;
        State.Retries.Batches.Add(retry);
        if (first)
        {
            Sleeps(retry.Thread);
            Next(retry);
        }
    }

    private void Next(GrantRetry retry)
    {
        retry.At = retry.Statuses.IndexOf(GnttabStatus.Eagain);
        if (retry.At >= 0)
        {
            retry.Delay = 1;
            Again(retry);
            return;
        }

        State.Retries.Batches.Remove(retry);
        if (retry.Map is not null)
        {
            MapsDone(new(retry.Cookie, retry.Statuses, retry.Handles, retry.Data, retry.Owner));
        }
        else
        {
            CopiesDone(new(retry.Cookie, retry.Statuses, retry.Data));
        }

        if (State.Retries.OfThread(retry.Thread) is { } other)
        {
            Next(other);
        }
        else
        {
            Woken(retry.Thread);
        }
    }

    private void Answer(GrantRetry retry, GnttabStatus status)
    {
        if (status == GnttabStatus.Eagain)
        {
            Context.StartTimer(new GrantRetryDue(retry.Number), VirtualDuration.FromMilliseconds(retry.Delay++));
            return;
        }

        retry.Statuses[retry.At] = status;
        Next(retry);
    }

    // One operation, by a hypercall of its own.
    private void Again(GrantRetry retry)
    {
        var to = Driver.Places.GrantTable(Device.OtherDomain);
        if (retry.Map is { } map)
        {
            Work(Driver.Costs.MapBatch(1));
            Context.Tell(to, new MapGrants([map.Refs[retry.At]], map.ReadOnly, map.Cookie));
            return;
        }

        var extents = (retry.From?.Extents ?? retry.To!.Extents).GetRange(retry.At, 1);
        Work(Driver.Costs.CopyBatch(1, extents[0].Length));
        if (retry.To is { } into)
        {
            var data = into.Data.AsSpan(GrantRetry.OffsetOf(into.Extents, retry.At), extents[0].Length).ToArray();
            Context.Tell(to, new CopyToGrants(extents, data, into.Cookie));
        }
        else
        {
            Context.Tell(to, new CopyFromGrants(extents, retry.Cookie));
        }
    }
}
