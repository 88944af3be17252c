namespace XenActors.Experiments.Swarms;

/// <summary>Threads that run scenarios side by side, until all have ended.</summary>
internal static class Workers
{
    // A deep scenario needs more stack than a thread has by default.
    private const int StackBytes = 16 << 20;

    /// <param name="name">Of the threads, before their number.</param>
    /// <param name="work">What each does.</param>
    /// <param name="failed">Told, on its thread, of one that fails: the others are to end.</param>
    /// <returns>What the first one failed with; null when none did.</returns>
    public static Exception? Run(int jobs, string name, Action work, Action failed)
    {
        Exception? failure = null;
        var workers = new Thread[Math.Max(1, jobs)];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(
                () =>
                {
                    try
                    {
                        work();
                    }
                    catch (Exception cause)
                    {
                        Interlocked.CompareExchange(ref failure, cause, null);
                        failed();
                    }
                },
                StackBytes) { Name = $"{name} {i}" };
            workers[i].Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        return failure;
    }
}
