using System.Reflection;
using XenActors.Tests.Live.Debian;

namespace XenActors.Tests.Live.Guests;

/// <summary>Every scenario twice: what holds of our daemon's rings was seen on Debian's C xenstored 4.17, and is seen on it again.</summary>
public sealed class GuestRingTests
{
    private static readonly MethodInfo[] All = [.. new[] { typeof(GuestScenarios), typeof(BrokenRingScenarios), typeof(DomainLifeScenarios) }
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))];

    public static TheoryData<string> Scenarios => [.. All.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Here(string scenario) => Run(scenario, GuestHost.Ours());

    [DebianTheory(DebianNeeds.Daemon)]
    [MemberData(nameof(Scenarios))]
    public void On_the_real_daemon(string scenario) => Run(scenario, GuestHost.Real());

    private static void Run(string scenario, GuestHost host)
    {
        using (host) All.Single(method => method.Name == scenario).CreateDelegate<Action<GuestHost>>()(host);
    }
}
