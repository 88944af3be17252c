using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>
/// Guests as a whole. What runs on a guest's vCPUs is all that lives in its process except the hypervisor's own three actors (domain, evtchn,
/// gnttab), which go on: events stay pending, grants stay as they are.
/// </summary>
internal static class DomainFaults
{
    private const string Place = "the guest's process, except the hypervisor's actors there";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "domain-pause",
            Subject = FaultSubject.Domains,
            Summary = "none of the guest's vCPUs runs; what comes for them waits, in order",
            StandsFor = "xl pause; the stop-and-copy phase of a migration; a guest whose vCPUs are not scheduled",
            Place = "the domain (PauseDomain, UnpauseDomain)",
            Heals = "it goes on where it was; its timers are late",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Domain],
            Begin = static work =>
            {
                var domain = work.Guest();
                var place = work.Site.Machine.Places.Domain(domain);
                if (work.Site.Machine.Domain(domain).Status != DomainStatus.Alive)
                {
                    work.Remark($"there is no domain {domain} to be paused");
                    return;
                }

                work.Tell(place, new PauseDomain(), $"domain {domain} is paused");
                work.AtEnd(() => work.Tell(place, new UnpauseDomain(), $"domain {domain} is unpaused"));
            },
        },
        new()
        {
            Name = "vcpu-hang",
            Subject = FaultSubject.Domains,
            Summary = "the vCPU that serves a device hangs: its driver handles nothing, the rest of the guest runs on",
            StandsFor = "a softlockup, a spinning interrupt handler, \"blocked for more than 120 seconds\" (xcp-ng #347)",
            Place = "the device's driver in the guest (domN/xenbus/...)",
            Heals = "the driver goes on where it was",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Device],
            Begin = static work => work.On(work.Device().Front, static (in Delivery delivery, ref RandomStream _, out string what) =>
            {
                what = $"{delivery.Type.Type.Name} waits";
                return Verdict.Hold;
            }),
        },
        new()
        {
            Name = "vcpu-slow",
            Subject = FaultSubject.Domains,
            Summary = "the guest's vCPUs run slower by a factor: what comes for them is handled one after the other, each taking longer",
            StandsFor = "steal time on an overcommitted host; a credit cap",
            Place = Place,
            Heals = "it catches up, in order",
            Effect = FaultEffect.Benign,
            Parameters =
            [
                Shared.Domain,
                new("factor", FaultValue.Number, "10", "a number from 1 to 1000", "how many times slower") { Least = 1, Most = 1000 },
                Shared.Time("step", "2us", "what one interrupt, timer or answer takes at full speed"),
            ],
            Begin = static work =>
            {
                var domain = work.Guest();
                var extra = new VirtualDuration((long)(work.Settings.Duration("step").Nanoseconds * (work.Settings.Number("factor") - 1)));
                work.Late($"dom{domain}/**", extra, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = $"{delivery.Type.Type.Name} takes {extra} more";
                    return IsVcpu(delivery.To) ? Verdict.Deliver : Verdict.Pass;
                }, oneByOne: true);
            },
        },
        new()
        {
            Name = "domain-crash",
            Subject = FaultSubject.Domains,
            Summary = "the guest does what no domain may: Xen stops its vCPUs for ever, and xl does what on_crash says",
            StandsFor = "a kernel panic, a triple fault, domain_crash() in Xen",
            Place = "the domain (CrashDomain), or its kernel (PanicKernel)",
            Heals = "nothing: the toolstack takes it away, or makes it anew under another number",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Domain, new("cause", FaultValue.Choice, "xen", "xen|panic", "what ends it: domain_crash() in Xen, or its own kernel's panic")],
            Begin = static work =>
            {
                var domain = work.Guest();
                work.Degrade($"dom{domain}");
                if (work.Settings.Text("cause") == "panic" && work.Site.Machine.Domain(domain) is { Status: DomainStatus.Alive, Kernel.IsNone: false } state)
                {
                    work.Tell(state.Kernel, new PanicKernel("sysrq triggered crash"), $"domain {domain}'s kernel panics");
                    return;
                }

                work.Tell(work.Site.Machine.Places.Domain(domain), new CrashDomain(), $"domain {domain} crashes");
            },
        },
        new()
        {
            Name = "domain-destroy",
            Subject = FaultSubject.Domains,
            Summary = "the guest is destroyed, in the middle of a handshake for instance: its vCPUs stop, its devices go, and then the domain",
            StandsFor = "xl destroy while devices connect (XSA-350, ghost domains of OpenXT #712)",
            Place = "the operator's shell (DestroyGuest)",
            Heals = "nothing: it is gone",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Domain],
            Begin = static work =>
            {
                var domain = work.Guest();
                work.Degrade($"dom{domain}");
                work.Tell(work.Site.Machine.Operator, new DestroyGuest(domain), $"xl destroy {domain}");
            },
        },
    ];

    private static bool IsVcpu(ActorRef actor) =>
        actor.Local is not (DomainPlaces.DomainLocal or DomainPlaces.EventChannelsLocal or DomainPlaces.GrantTableLocal);
}
