using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

/// <summary>CONTROL; the expected texts are C xenstored 4.17's.</summary>
public sealed class ControlTests
{
    private readonly Store store = new();

    private string Control(string words) => store.Ask(store.Dom0, XsWireType.Control, words);

    [Theory]
    [InlineData("check|")]
    [InlineData("log|on|")]
    [InlineData("log|off|")]
    [InlineData("logfile|/var/log/xen/x|")]
    [InlineData("print|hello|")]
    [InlineData("quota|set|nodes|7|")]
    [InlineData("quota-soft|set|memory|7|")]
    public void These_are_acknowledged(string words) => Assert.Equal("Control OK|", Control(words));

    [Theory]
    [InlineData("")]
    [InlineData("check")]
    [InlineData("foo|")]
    [InlineData("check|x|")]
    [InlineData("log|")]
    [InlineData("log|maybe|")]
    [InlineData("log|on|off|")]
    [InlineData("print|")]
    [InlineData("memreport|")]
    [InlineData("quota|set|nodes|")]
    [InlineData("quota|set|nodes|0|")]
    [InlineData("quota|set|nodes|x|")]
    [InlineData("quota|set|nobody|7|")]
    [InlineData("quota|1|2|")]
    [InlineData("quota-soft|0|")]
    [InlineData("quota-soft|set|nodes|7|")]
    [InlineData("live-update|")]
    [InlineData("live-update|-a|x|")]
    [InlineData("live-update|-s|-t|")]
    [InlineData("help|x|")]
    public void These_are_invalid(string words) => Assert.Equal("Error EINVAL|", Control(words));

    [Theory]
    [InlineData("live-update|-a|", "No live-update session active.|")]
    [InlineData("live-update|-c|x|", "Not in live-update session.|")]
    [InlineData("live-update|-s|-F|-t|5|", "Not in live-update session.|")]
    [InlineData("live-update|-f|/no/such/file|", "File not accessible.|")]
    public void A_live_update_never_begins(string words, string answer) => Assert.Equal("Control " + answer, Control(words));

    [Fact]
    public void Help_lists_the_daemons_words() =>
        Assert.Equal(
            "Control check\t\nlog\ton|off\nlive-update\t[-c <cmdline>] [-F] [-t <timeout>] <file>\n    Default timeout is 60 seconds.\n"
            + "logfile\t<file>\nmemreport\t[<file>]\nprint\t<string>\nquota\t[set <name> <val>|<domid>]\nquota-soft\t[set <name> <val>]\nhelp\t\n|",
            Control("help|"));

    [Fact]
    public void Quotas_are_listed_with_what_was_set()
    {
        Control("quota|set|transaction-nodes|77|");
        Assert.Equal(
            """
            Control Quota settings:
            nodes            :     1000 Nodes per domain
            watches          :      128 Watches per domain
            transactions     :       10 Transactions per domain
            outstanding      :       20 Outstanding requests per domain
            transaction-nodes:       77 Max. number of accessed nodes per transaction
            memory           :  2621440 Total Xenstore memory per domain (error level)
            node-size        :     2048 Max. size of a node
            path-max         :     2048 Max. length of a node path
            permissions      :        5 Max. number of permissions per node
            |
            """,
            Control("quota|"));
        Assert.Equal("Control Quota settings:\nmemory           :  2097152 Total Xenstore memory per domain (warning level)\n|", Control("quota-soft|"));
    }

    [Fact]
    public void Quotas_hold_from_when_they_are_set()
    {
        var guest = store.Guest(5);
        Control("quota|set|watches|1|");
        Assert.Equal("Watch OK|; event a t", store.Ask(guest, XsWireType.Watch, "a|t|"));
        Assert.Equal("Watch OK|; event b t", store.Ask(guest, XsWireType.Watch, "b|t|"));
        Assert.Equal("Error E2BIG|", store.Ask(guest, XsWireType.Watch, "c|t|"));
        Control("quota|set|path-max|10|");
        Assert.Equal("Error EINVAL|", store.Read("/2345678901"));
        Assert.Equal("Error ENOENT|", store.Read("/local/domain/0/2345"));
    }

    [Fact]
    public void A_domains_use_is_listed()
    {
        Assert.Equal("Error ENOENT|", Control("quota|5|"));
        Assert.Equal(
            "Control Domain 0:\nnodes           :        3\nwatches         :        0\ntransactions    :        0\noutstanding     :        0\nmemory          :      132\n|",
            Control("quota|0|"));
        var guest = store.Guest(5);
        store.Ask(guest, XsWireType.Watch, "a|t|");
        store.Start(guest);
        Assert.StartsWith("Control Domain 5:\nnodes           :        1\nwatches         :        1\ntransactions    :        1\n", Control("quota|5|"));
    }
}
