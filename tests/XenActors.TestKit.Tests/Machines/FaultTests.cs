using System.Text;
using XenActors.Abi;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class FaultTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void Late_answers_of_xenstored_change_nothing_but_times()
    {
        var (late, usual) = (Small(paused: true), Small(Another(), paused: true));

        var replies = Fault<XsRingResponses>("dom0>dom1", _ => Verdict.Delay(Ms(20)));
        late.Unpause();
        usual.Unpause();
        late.RunToEnd();
        usual.RunToEnd();
        Assert.NotEqual(0, replies.Verdicts);
        Assert.Equal(Words(usual), Words(late));
        Assert.Equal(usual.Partitions, late.Partitions);
        Assert.NotEqual(usual.Dmesg, late.Dmesg);
    }

    [Fact]
    public void A_frontend_whose_write_is_lost_times_out()
    {
        var guest = Small(paused: true);
        Fault<XsRequest>("dom1/xenbus", m => IsWrite(m, "device/vbd/768/ring-ref") ? Verdict.Drop : Verdict.Pass);
        guest.Unpause();
        guest.RunToEnd();
        guest.AssertDmesg("Timeout connecting to device: device/vbd/768");
        Store.AssertNode($"{Vbd}/state", "1");
        Store.AssertAbsent($"{Vbd}/ring-ref");
        Assert.Empty(guest.Partitions);
    }

    [Fact]
    public void A_disk_that_does_not_answer_shows_no_partitions_until_it_is_healed()
    {
        var guest = Small(paused: true);
        var dead = Fault<DiskRead>("phys/disks", _ => Verdict.Delay(Seconds(40)));
        guest.Unpause();
        AdvanceUntil("DiskAppeared", Seconds(30));
        Advance(Seconds(30));
        Assert.DoesNotContain("xvda1", guest.Partitions);
        Simulator.Heal(dead);
        guest.RunToEnd();
        Assert.Contains("xvda1", guest.Partitions);
    }

    [Fact]
    public void A_place_that_is_not_there_is_named()
    {
        Small(paused: true);
        Assert.StartsWith("there is no process dom7; there are dom0, phys, dom1", Failing(() => Fault<XsReply>("dom0>dom7", _ => Verdict.Drop)));
        Assert.StartsWith("there is no actor dom0/xenstore", Failing(() => Fault<XsReply>("dom0/xenstore", _ => Verdict.Drop)));
        Assert.StartsWith("there is no actor dom0/xenbus/vbd-1-832", Failing(() => Kill("dom0/xenbus/vbd-1-832")));
    }

    private static bool IsWrite(XsRequest request, string path) =>
        request.Type == XsWireType.Write && Encoding.Latin1.GetString(request.Payload).StartsWith(path + "\0", StringComparison.Ordinal);

    private static List<string> Words(GuestHandle guest) =>
        [.. guest.Dmesg.Select(l => l[(l.IndexOf("] ", StringComparison.Ordinal) + 2)..]).Order(StringComparer.Ordinal)];

    private static string Failing(Action action) => Assert.ThrowsAny<XunitException>(action).Message;
}
