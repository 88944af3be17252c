using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace XenActors.Simulation;

/// <summary>Asking for the memory of processes before their turn comes.</summary>
internal sealed partial class Partition
{
    // How far ahead of its turn each link of the chain to an actor's state is asked for, in processes: the process, its first actor, that
    // actor's state. Each finds in the cache what the one before it asked for.
    private const int ProcessAhead = 18;
    private const int ActorAhead = 12;
    private const int StateAhead = 6;

    // Fewer processes than this stay in the second-level cache anyway.
    private const int PrefetchProcessesMin = 4096;

    // Only hints: nothing breaks when an object moves meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Prefetch(int turn, int active)
    {
        if (turn + ProcessAhead < active)
        {
            var address = (byte*)Unsafe.AsPointer(ref _processes[_active[turn + ProcessAhead]]);
            Sse.Prefetch0(address);
            Sse.Prefetch0(address + CacheLine);
        }

        if (turn >= -ActorAhead && turn + ActorAhead < active && _processes[_active[turn + ActorAhead]].First is { } actor)
        {
            Prefetch(actor);
        }

        if (turn >= -StateAhead && turn + StateAhead < active && _processes[_active[turn + StateAhead]].First is { } near)
        {
            Prefetch(near.StateObject);
        }
    }

    private const int CacheLine = 64;

    private static unsafe void Prefetch(object target)
    {
        var address = *(byte**)Unsafe.AsPointer(ref target);
        Sse.Prefetch0(address);
        Sse.Prefetch0(address + CacheLine);
    }
}
