using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>Debian's own clients against our socket. The expected texts are what they print against Debian's C xenstored 4.17.</summary>
public sealed class DebianToolsTests
{
    [DebianFact(DebianNeeds.Tools)]
    public void Write_read_list_exists_and_rm_work()
    {
        using var server = new RunningServer();
        string Tool(string name, params string[] arguments) => DebianTools.Run(server.Socket, "xenstore-" + name, arguments);
        Assert.Equal("0", Tool("write", "/a/b", "1", "/a/c", "two"));
        Assert.Equal("1\ntwo\n0", Tool("read", "/a/b", "/a/c"));
        Assert.Equal("b\nc\n0", Tool("list", "/a"));
        Assert.Equal("0", Tool("exists", "/a/b"));
        Assert.Equal("1", Tool("exists", "/no"));
        Assert.Equal("xenstore-read: couldn't read path /no\n1", Tool("read", "/no"));
        Assert.Equal("0", Tool("rm", "/a"));
        Assert.Equal("xenstore-list: could not list path /a\n1", Tool("list", "/a"));
        Assert.Equal(default, server.Counts);
    }

    [DebianFact(DebianNeeds.Tools)]
    public void Ls_shows_values_and_permissions_as_with_the_real_daemon()
    {
        using var server = new RunningServer();
        string Tool(string name, params string[] arguments) => DebianTools.Run(server.Socket, "xenstore-" + name, arguments);
        Tool("write", "/a/b", "1", "relative", "x");
        Assert.Equal("0", Tool("chmod", "/a/b", "n0", "r5"));
        Assert.Equal(
            """
            /tool = ""   (n0)
            /tool/xenstored = ""   (n0)
            /a = ""   (n0)
            /a/b = "1"   (n0,r5)
            /local = ""   (n0)
            /local/domain = ""   (n0)
            /local/domain/0 = ""   (n0)
            /local/domain/0/relative = "x"   (n0)
            0
            """,
            Tool("ls", "-fp", "/"));
    }

    [DebianFact(DebianNeeds.Tools)]
    public void Ls_shows_directories_that_come_in_parts()
    {
        using var server = new RunningServer();
        using (var client = server.Connect())
        {
            for (var i = 0; i < 2000; i++) client.Ask(XsWireType.Write, $"/big/child-{i}|{i}");
        }

        var lines = DebianTools.Run(server.Socket, "xenstore-ls", "-f", "/big").Split('\n');
        Assert.Equal(2001, lines.Length);
        Assert.Equal("/big/child-1999 = \"1999\"", lines[1999]);
    }

    [DebianFact(DebianNeeds.Tools)]
    public void Watch_prints_the_changes()
    {
        using var server = new RunningServer();
        using var watch = DebianTools.Start(server.Socket, "xenstore-watch", "-n", "3", "/a");
        Assert.Equal("/a", watch.StandardOutput.ReadLine());
        Assert.Equal("0", DebianTools.Run(server.Socket, "xenstore-write", "/a/b", "2"));
        Assert.Equal("/a/b", watch.StandardOutput.ReadLine());
        Assert.Equal("0", DebianTools.Run(server.Socket, "xenstore-rm", "/a"));
        Assert.Equal("/a", watch.StandardOutput.ReadLine());
        watch.WaitForExit();
        Assert.Equal(0, watch.ExitCode);
    }
}
