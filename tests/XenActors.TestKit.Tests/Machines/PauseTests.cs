using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class PauseTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void A_paused_guest_waits_until_it_is_unpaused()
    {
        var guest = Small(paused: true);
        Advance(Seconds(100));
        Assert.True(guest.Paused);
        Assert.Null(guest.Outcome);
        Store.AssertNode($"{VbdBackend}/state", "2");
        Store.AssertNode($"{Vbd}/state", "1");
        guest.Unpause();
        guest.RunToEnd();
        guest.AssertBooted();
    }

    [Fact]
    public void A_guest_that_is_paused_twice_is_unpaused_twice()
    {
        var guest = Small(paused: true);
        guest.Pause();
        guest.Unpause();
        Assert.True(guest.Paused);
        guest.Unpause();
        Assert.False(guest.Paused);
    }

    [Fact]
    public void A_paused_guest_cannot_be_run_to_its_end()
    {
        var guest = Small(paused: true);
        Assert.StartsWith("domain 1 is paused: its boot will not end", Assert.ThrowsAny<XunitException>(guest.RunToEnd).Message);
        Assert.StartsWith("domain 1 has not run yet", Assert.ThrowsAny<XunitException>(() => guest.Report).Message);
    }
}
