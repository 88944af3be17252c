using XenActors.Hypervisor;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Machine;

/// <summary>The wire of a host's card: who is at its other end, and the card's own address.</summary>
internal sealed record Uplink(ActorRef Wire, MacAddress Mac);

/// <summary>A host's logical processes.</summary>
/// <param name="Spares">For each further life of a guest: its first number, and the one of that life.</param>
internal sealed record MachinePlaces(int Dom0, int Phys, DomainPlaces Domains, List<ushort> Guests, List<(ushort Origin, ushort Domain)> Spares)
{
    /// <summary>Adds them in the order that they always have.</summary>
    /// <param name="prefix">What stands before their names; nothing for a host that is alone.</param>
    public static MachinePlaces Add(SimulatorBuilder builder, HostProfile host, IReadOnlyList<GuestOrder> guests, string prefix)
    {
        var link = host.Latencies.Link;
        var dom0 = builder.AddProcess(prefix + "dom0", host.Dom0.Vcpus);
        var phys = builder.AddProcess(prefix + "phys");
        builder.AddLinks(dom0, phys, link);
        var places = new DomainPlaces();
        places.Processes.Add(0, dom0);
        var domains = new List<ushort>();
        foreach (var guest in guests)
        {
            var domain = (ushort)(host.FirstDomain + domains.Count);
            var process = builder.AddProcess($"{prefix}dom{domain}", Math.Max(1, guest.Vcpus));
            builder.AddLinks(dom0, process, link);
            places.Processes.Add(domain, process);
            domains.Add(domain);
        }

        var spares = new List<(ushort Origin, ushort Domain)>();
        for (var i = 0; i < guests.Count; i++)
        {
            for (var life = 0; life < guests[i].Restarts; life++)
            {
                var domain = (ushort)(host.FirstDomain + domains.Count + spares.Count);
                var process = builder.AddProcess($"{prefix}dom{domain}", Math.Max(1, guests[i].Vcpus));
                builder.AddLinks(dom0, process, link);
                places.Processes.Add(domain, process);
                spares.Add((domains[i], domain));
            }
        }

        return new(dom0, phys, places, domains, spares);
    }

    /// <summary>From every process of this host to every other: what a host that is alone has by default.</summary>
    public void LinkAll(SimulatorBuilder builder, VirtualDuration latency)
    {
        List<int> all = [Phys, .. Domains.Processes.Values];
        for (var a = 0; a < all.Count; a++)
        {
            for (var b = a + 1; b < all.Count; b++)
            {
                builder.AddLinks(all[a], all[b], latency);
            }
        }
    }
}
