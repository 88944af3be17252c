using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Tests.Toolstack.Libxl;

[Codec]
public sealed partial class FakeKernelState
{
    public XenstoreClient Xs { get; set; } = new();

    public HostProfile? Host { get; set; }

    public SortedSet<string> Seen { get; private set; } = new(StringComparer.Ordinal);

    public List<string> Queue { get; private set; } = [];

    public StoreBatch Batch { get; set; } = new();

    public bool Busy { get; set; } = true;

    /// <summary>Backend kinds that never answer.</summary>
    public string Deaf { get; set; } = "";
}

/// <summary>dom0's kernel as far as a paused guest sees it: backends that publish their keys and go to InitWait.</summary>
public sealed class FakeKernelActor : Actor<FakeKernelState>
{
    protected override void PreStart() => State.Xs.Watch(Context, "backend", "b");

    public void On(in XsWatchEvent m)
    {
        var parts = m.Path.Split('/');
        if (parts.Length >= 4 && parts[1] is "vbd" or "vif" && parts[1] != State.Deaf && State.Seen.Add(string.Join('/', parts[..4])))
        {
            State.Queue.Add(string.Join('/', parts[..4]));
            Next();
        }
    }

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
        {
            State.Busy = false;
            Next();
        }
    }

    private void Next()
    {
        if (State.Busy || State.Queue.Count == 0)
        {
            return;
        }

        var path = State.Queue[0];
        State.Queue.RemoveAt(0);
        State.Busy = true;
        State.Batch = new();
        foreach (var key in path.StartsWith("backend/vbd", StringComparison.Ordinal) ? State.Host!.Backend.VbdProbe : State.Host!.Backend.VifProbe)
        {
            State.Batch.Write($"{path}/{key.Name}", key.Value);
        }

        State.Batch.Write($"{path}/state", "2");
        State.Batch.Advance(Context, State.Xs);
    }
}
