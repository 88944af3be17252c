namespace XenActors.Live.Xenstore.Bench;

/// <summary>A load: what it needs in the store, and what its clients do until the time is over.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Prepare">Makes nodes under <see cref="XenstoreLoads.Root"/>; not timed.</param>
/// <param name="Work">The clients' work, from <see cref="BenchTurn.Begin"/> until <see cref="BenchTurn.IsOver"/>; returns how many units were done.</param>
internal sealed record BenchLoad(string Name, string Unit, Action<BenchClient> Prepare, Func<BenchTurn, long> Work);
