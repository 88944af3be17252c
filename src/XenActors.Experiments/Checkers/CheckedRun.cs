using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers;

/// <summary>A run of one host as checkers see it.</summary>
/// <param name="machine">The host.</param>
/// <param name="room">All hosts of the simulation, this one included; null when it is alone.</param>
public sealed class CheckedRun(XenMachine machine, IReadOnlyList<XenMachine>? room = null)
{
    public XenMachine Machine { get; } = machine;

    /// <summary>All hosts of the simulation.</summary>
    public IReadOnlyList<XenMachine> Room { get; } = room ?? [machine];

    public Simulator Simulator => Machine.Simulator;

    /// <summary>Some fault is installed now.</summary>
    public bool FaultsOn { get; set; }

    /// <summary>Some fault was installed at any time.</summary>
    public bool AnyFault { get; set; }

    /// <summary>When the last fault was healed; null while one is on, or when there was none.</summary>
    public VirtualTime? AllHealedAt { get; set; }

    /// <summary>
    /// What installed faults may rightly have ended, in the order of installation: a device (<c>dom1/vbd/51712</c>), a domain (<c>dom1</c>) or the host
    /// (<c>host</c>).
    /// </summary>
    public List<string> Degraded { get; } = [];

    /// <summary>Of these, what need not give back all that it had: parties that were killed, held up or told something wrong.</summary>
    public List<string> Leaking { get; } = [];

    /// <summary>Of these, what faults may have put bytes into that nobody wrote: on the way to a disk they reach it, too.</summary>
    public List<string> Corrupted { get; } = [];

    /// <summary>Of these, where grants themselves were tampered with.</summary>
    public List<string> Regranted { get; } = [];

    /// <summary>
    /// Domains whose devices the operator takes away or makes anew without asking them: <c>xl destroy</c>, <c>--force</c>, a resume with new devices, a
    /// backend's module that is loaded again.
    /// </summary>
    public SortedSet<ushort> Forced { get; } = [];

    /// <summary>Domains that xl takes apart (a destroy, a suspend with a restore): if its QEMU says nothing for 2 s, libxl writes its backends' Closed, whoever lets the guest run meanwhile.</summary>
    public SortedSet<ushort> TakenApart { get; } = [];

    /// <summary>A volume was resized: blkback writes the state that it has in mind, over whatever a toolstack wrote meanwhile (xen_vbd_resize).</summary>
    public bool AnyResize { get; set; }

    /// <summary>From now on the observer sees what happens on this host.</summary>
    public void Observe<T>(IObserve<T> observer) => Simulator.Observe(Room.Count == 1 ? observer : new OneHost<T>(observer, Processes()));

    private SortedSet<int> Processes() => [Machine.Disks.Process, .. Machine.Places.Processes.Values];

    private sealed class OneHost<T>(IObserve<T> observer, SortedSet<int> processes) : IObserve<T>
    {
        public void On(in Observed at, in T what)
        {
            if (processes.Contains(at.Actor.Process))
            {
                observer.On(in at, in what);
            }
        }
    }
}
