using XenActors.Hypervisor.Grants;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// What is asked again after GNTST_eagain: a ring's page, and the copies of either direction, whose thread takes nothing more meanwhile. (Linux copies the
/// guest's frames in a poll that must not sleep, and says "BUG: scheduling while atomic" when it does; here it just sleeps.)
/// </summary>
public sealed partial class NetbackActor
{
    protected override MapGrants? MapOf(long cookie, out int thread)
    {
        thread = XenwatchThread;
        return new MapGrants([cookie == TxCookie ? State.TxRef : State.RxRef], false, cookie);
    }

    protected override (CopyFromGrants? From, CopyToGrants? To) CopyOf(long cookie, out int thread)
    {
        thread = (int)(cookie & 1);
        if (cookie >> 1 != State.Round || !State.Attached)
        {
            return default;
        }

        return thread == RxCopyCookie ? (null, State.ToGuest.Copy) : (new CopyFromGrants(Extents(State.FromGuest, out _), cookie), null);
    }

    protected override void GaveUp(int thread, string function)
    {
        // A task's name has 15 characters.
        var task = thread == XenwatchThread ? "xenwatch" : thread == RxCopyCookie ? $"{State.Vif}-q0-guest-rx" : "";
        if (task.Length > 0)
        {
            Context.Tell(Driver.Bus, new Guest.Printk($"xen:grant_table: {function}: {task[..Math.Min(task.Length, 15)]} eagain grant"));
        }
    }
}
