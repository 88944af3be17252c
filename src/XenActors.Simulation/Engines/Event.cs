using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>
/// A message on its way: 40 bytes without references. Ordered by (<see cref="Time"/>, <see cref="Key"/>); the key is the sending
/// process and its send counter, so the order is total and does not depend on who ran the sender.
/// </summary>
internal struct Event
{
    public const int ProcessBits = 24;
    public const int CounterBits = 64 - ProcessBits;
    public const int ProcessesMax = (1 << ProcessBits) - 1;

    /// <summary>In <see cref="Flags"/>: a timer; <see cref="Sender"/> is its slot.</summary>
    public const ushort Timer = 1;

    /// <summary>In <see cref="Flags"/>: a fault rule has spoken already.</summary>
    public const ushort Judged = 2;

    /// <summary>In <see cref="Flags"/>: what a fault rule of this process has held is to go on; <see cref="Sender"/> is the rule.</summary>
    public const ushort Release = 4;

    public long Time;
    public ulong Key;
    public ulong Payload;
    public int Process;
    public int Local;
    public int Sender;
    public ushort Type;
    public ushort Flags;

    public readonly int SenderProcess => (int)(Key >> CounterBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Before(in Event a, in Event b) => a.Time < b.Time || (a.Time == b.Time && a.Key < b.Key);
}
