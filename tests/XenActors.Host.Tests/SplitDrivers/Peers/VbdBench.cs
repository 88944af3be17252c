using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A host and a guest as a test wants them, and a vbd between them.</summary>
internal sealed class VbdBench
{
    /// <param name="offers">Keys of blkback with other values; null takes one away.</param>
    public VbdBench(string kernel = "debian12-6.1", ulong seed = 1, int vcpus = 1, int queues = 1, int pageOrder = 0, string[]? features = null, params (string Key, string? Value)[] offers)
    {
        Bench = new DeviceBench(seed, host => host with
        {
            Backend = new()
            {
                VbdProbe = Changed(host.Backend.VbdProbe, offers),
                VbdConnect = Changed(host.Backend.VbdConnect, offers),
                VifProbe = host.Backend.VifProbe,
            },
        });
        Guest = new ScriptedGuest(Bench, kernel) { Vcpus = vcpus };
        var numbers = new SortedDictionary<string, long>(Guest.Profile.Numbers, StringComparer.Ordinal)
        {
            ["blkfront-max-queues"] = queues,
            ["blkfront-max-ring-page-order"] = pageOrder,
        };
        Guest.Profile = Guest.Profile with { Numbers = numbers, Features = [.. Guest.Profile.Features, .. features ?? []] };
        Guest.Boot(true, 0, "vbd");
        Vbd = new VbdPair(Bench, Guest);
        Assert.Equal("4", Bench.Value(Vbd.Front + "/state"));
    }

    public DeviceBench Bench { get; }

    public ScriptedGuest Guest { get; }

    public VbdPair Vbd { get; }

    /// <summary>As <c>xl block-detach</c>: offline and Closing, and the nodes removed when both ends are Closed.</summary>
    public void Detach()
    {
        Bench.Write(Vbd.Back + "/online", "0");
        Bench.Write(Vbd.Back + "/state", "5");
        Bench.Run();
        Bench.Rm(Vbd.Back);
        Bench.Rm(Vbd.Front);

        // A kernel ends ten deferred references a second.
        Bench.Run(15_000);
    }

    /// <summary>What a detached disk has left behind; empty when nothing.</summary>
    public string Leftovers()
    {
        var left = new List<string>();
        var grants = Bench.Grants(DeviceBench.Guest);
        left.AddRange(grants.Mappings.Select(m => $"mapping {m}"));
        left.AddRange(grants.Entries.Where(e => e.Key >= GrantTable.Reserved).Select(e => $"grant {e.Key}"));
        left.AddRange(Bench.Channels(DeviceBench.Guest).Ports.Keys.Select(p => $"guest's port {p}"));
        left.AddRange(Bench.Channels(0).Ports.Keys.Select(p => $"dom0's port {p}"));
        if (!Vbd.FrontActor.IsNone || !Vbd.BackActor.IsNone)
        {
            left.Add("a driver");
        }

        return string.Join(", ", left);
    }

    private static List<BackendKey> Changed(List<BackendKey> keys, (string Key, string? Value)[] offers)
    {
        var changed = new List<BackendKey>();
        foreach (var key in keys)
        {
            var offer = Array.Find(offers, o => o.Key == key.Name);
            if (offer.Key is null)
            {
                changed.Add(key);
            }
            else if (offer.Value is not null)
            {
                changed.Add(key with { Value = offer.Value });
            }
        }

        return changed;
    }
}
