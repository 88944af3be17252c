namespace XenActors.Tests.Live.Differential;

/// <summary>What differed, in words, and the steps up to it.</summary>
internal sealed record Difference(string What, IReadOnlyList<Step> Steps);
