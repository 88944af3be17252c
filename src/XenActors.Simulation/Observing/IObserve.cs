namespace XenActors.Simulation;

/// <summary>
/// Sees every handled message of a type, or every note of one, ordered by (time, logical process, the process's own order). Called between
/// windows, never while actors run. It is no part of the history and cannot change it.
/// </summary>
public interface IObserve<T>
{
    void On(in Observed at, in T what);
}
