namespace XenActors.Live.Xenstore.Bench;

/// <summary>A load: what it needs in the store, and what each of its connections does until the time is over.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Clients">How many threads, each with its own connection.</param>
/// <param name="Prepare">Makes nodes under <see cref="XenstoreLoads.Root"/>; not timed.</param>
/// <param name="Work">One client's work, from <see cref="BenchTurn.Begin"/> until the time is over; returns how many units it did.</param>
internal sealed record BenchLoad(string Name, string Unit, int Clients, Action<BenchClient> Prepare, Func<BenchTurn, BenchClient, long> Work);
