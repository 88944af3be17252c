namespace XenActors.Tests.Live.Xenstore;

/// <summary>Tests that nothing else may run beside.</summary>
[CollectionDefinition(MemoryTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
