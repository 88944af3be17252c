using System.Reflection;
using Xunit.Sdk;

namespace XenActors.TestKit;

/// <summary>
/// Runs a theory once for each of <paramref name="count"/> seeds from <paramref name="from"/> on, or for the one seed that the
/// environment names. The test's parameter is an <c>ulong</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeedsAttribute(ulong from, int count) : DataAttribute
{
    public ulong From { get; } = from;

    public int Count { get; } = count;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Seeds.Override is { } seed ? [[seed]] : Enumerable.Range(0, Count).Select(i => new object[] { From + (ulong)i });
}
