using XenActors.Abi;

namespace XenActors.Experiments.Checkers.Xenbus;

/// <summary>
/// Which states the two ends of a device may have at once, and which may follow which. Pairs are (frontend, backend). Sources: <c>public/io/xenbus.h</c>,
/// <c>blkif.h</c>'s state diagram, Linux' <c>xen-blkfront.c</c>, <c>xen-blkback/xenbus.c</c>, <c>xen-netfront.c</c>, <c>xen-netback/xenbus.c</c>; libxl's
/// unplug writes the backend's 5.
/// </summary>
public static class StateRules
{
    // A healthy life: creation, handshake, a frontend or a toolstack that closes, a frontend that comes again.
    private static readonly bool[,] Healthy = Pairs(
        (1, 1), (1, 2), (3, 2), (3, 4), (4, 4), (5, 4), (4, 5), (5, 5), (6, 5), (6, 6), (1, 6),
        // The toolstack unplugs in the middle of the handshake.
        (1, 5), (3, 5),
        // A frontend whose backend closes under the handshake, and one that has closed before its backend was ready.
        (6, 2), (6, 4), (5, 2));

    // What faults and force leave: a backend that came again or was taken away under its frontend. Nobody makes a backend's directory anew while its frontend is there.
    private static readonly bool[,] Faulty = Pairs((3, 6), (4, 2), (4, 6), (5, 6), (3, 3), (1, 3));

    private static readonly bool[,] FrontSteps = Pairs(
        (1, 3), (3, 4), (1, 5), (3, 5), (4, 5), (5, 6), (1, 6), (3, 6), (4, 6),
        // xenbus_reset_state of a kernel that starts anew, and a resume.
        (3, 1), (4, 1), (5, 1), (6, 1));

    private static readonly bool[,] BackSteps = Pairs(
        (1, 2), (2, 4), (1, 5), (2, 5), (4, 5), (5, 6), (1, 6), (2, 6), (4, 6),
        // A frontend comes again: "prepare for reconnect".
        (6, 2), (5, 2), (6, 5));

    /// <summary>
    /// All pairs that some device of the model may show. Not those with Reconfiguring and Reconfigured, which netfront writes when an XDP program is loaded: no
    /// guest here loads one; and no backend here writes Initialised, as those of Linux and QEMU do not.
    /// </summary>
    public static IReadOnlyList<(XenbusState Front, XenbusState Back)> AllPairs { get; } =
    [
        .. from front in States
           from back in States
           where front < XenbusState.Reconfiguring && back < XenbusState.Reconfiguring && back != XenbusState.Initialised
           where Allows("vbd", front, back, faults: true) || Allows("vif", front, back, faults: true)
           select (front, back),
    ];

    private static IEnumerable<XenbusState> States => Enum.GetValues<XenbusState>().Where(InRange);

    /// <summary>Whether the two states may stand side by side.</summary>
    public static bool Allows(string type, XenbusState front, XenbusState back, bool faults)
    {
        if (!InRange(front) || !InRange(back))
        {
            return false;
        }

        var (f, b) = ((int)front, (int)back);
        var network = type == "vif" && (front, back) is (XenbusState.Connected, XenbusState.InitWait) or (XenbusState.Reconfiguring, _)
            or (_, XenbusState.Reconfigured);
        return Healthy[f, b] || network || (faults && Faulty[f, b]);
    }

    /// <summary>Whether one end may go from a state to another; to write the same again is always right.</summary>
    public static bool Follows(string type, bool frontend, XenbusState from, XenbusState to, bool faults)
    {
        if (from == to || !InRange(from) || !InRange(to))
        {
            return InRange(to);
        }

        var (f, t) = ((int)from, (int)to);
        if (type == "vif")
        {
            // netfront needs no 3, and both reconfigure for XDP.
            if ((frontend && (f, t) is (1, 4) or (4, 7) or (7, 4)) || (!frontend && (f, t) is (4, 8) or (8, 4)))
            {
                return true;
            }

            if (frontend && t == 3)
            {
                return false;
            }
        }

        // A backend that was killed writes nothing; its successor begins where it begins.
        return frontend ? FrontSteps[f, t] : BackSteps[f, t] || (faults && (f, t) is (4, 2));
    }

    /// <summary>
    /// Whether a backend that connects may write over what the toolstack has written since: <c>__xenbus_switch_state</c> only asks, in its transaction, whether there
    /// is a state at all. libxl's 5 comes back as the backend's next step, when it has read that its frontend goes.
    /// </summary>
    public static bool Overwrites(XenbusState from, XenbusState to) => (from, to) is (XenbusState.Closing, XenbusState.Connected);

    private static bool InRange(XenbusState state) => state is >= XenbusState.Initialising and <= XenbusState.Reconfigured;

    private static bool[,] Pairs(params ReadOnlySpan<(int, int)> pairs)
    {
        var table = new bool[9, 9];
        foreach (var (a, b) in pairs)
        {
            table[a, b] = true;
        }

        return table;
    }
}
